// Goes on as soon as all frames have been loaded. Without scripts the answer's Refresh header does it, after a while.
window.addEventListener("load", function () {
    "use strict";
    var link = document.getElementById("oauth2_continue");
    if (link) {
        window.location.replace(link.href);
    }
});
