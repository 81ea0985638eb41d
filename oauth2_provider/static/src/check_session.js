// The page that an application keeps in a hidden frame and asks whether the login still stands
// (OpenID Connect Session Management 1.0, 3.2). Written for any browser; SHA-256 by hand (FIPS 180-4), since browsers
// offer theirs on https only and answer later, not at once.
(function () {
    "use strict";

    var K = [];
    var START = [];

    function fraction(number) {
        return ((number - Math.floor(number)) * 4294967296) | 0;
    }

    function isPrime(number) {
        for (var divisor = 2; divisor * divisor <= number; divisor++) {
            if (number % divisor === 0) {
                return false;
            }
        }
        return true;
    }

    for (var candidate = 2; K.length < 64; candidate++) {
        if (isPrime(candidate)) {
            if (START.length < 8) {
                START.push(fraction(Math.pow(candidate, 1 / 2)));
            }
            K.push(fraction(Math.pow(candidate, 1 / 3)));
        }
    }

    function rotate(word, bits) {
        return (word >>> bits) | (word << (32 - bits));
    }

    function toWords(text) {
        var bytes = unescape(encodeURIComponent(text));
        var words = [];
        for (var index = 0; index < bytes.length; index++) {
            words[index >> 2] |= bytes.charCodeAt(index) << (24 - (index % 4) * 8);
        }
        words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
        var last = (((bytes.length + 8) >> 6) + 1) * 16 - 1;
        words[last] = bytes.length * 8;
        return words;
    }

    function compress(state, words, offset) {
        var w = [];
        var s = state.slice();
        for (var round = 0; round < 64; round++) {
            if (round < 16) {
                w[round] = words[offset + round] | 0;
            } else {
                var x = w[round - 15];
                var y = w[round - 2];
                var sigma0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
                var sigma1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
                w[round] = (w[round - 16] + sigma0 + w[round - 7] + sigma1) | 0;
            }
            var sum1 = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
            var choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
            var first = (s[7] + sum1 + choice + K[round] + w[round]) | 0;
            var sum0 = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
            var majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
            s = [(first + sum0 + majority) | 0, s[0], s[1], s[2], (s[3] + first) | 0, s[4], s[5], s[6]];
        }
        return state.map(function (word, index) {
            return (word + s[index]) | 0;
        });
    }

    function sha256(text) {
        var words = toWords(text);
        var state = START.slice();
        for (var offset = 0; offset < words.length; offset += 16) {
            state = compress(state, words, offset);
        }
        return state
            .map(function (word) {
                return ("00000000" + (word >>> 0).toString(16)).slice(-8);
            })
            .join("");
    }

    function browserState() {
        var found = /(?:^|; )oauth2_browser_state=([^;]*)/.exec(document.cookie);
        return found ? found[1] : "";
    }

    function answer(message, origin) {
        var parts = typeof message === "string" ? message.split(" ") : [];
        var salt = parts.length === 2 ? parts[1].split(".")[1] : "";
        if (!salt) {
            return "error";
        }
        var digest = sha256([parts[0], origin, browserState(), salt].join(" "));
        return digest + "." + salt === parts[1] ? "unchanged" : "changed";
    }

    window.addEventListener("message", function (event) {
        if (event.source && event.source !== window) {
            event.source.postMessage(answer(event.data, event.origin), event.origin);
        }
    });
})();
