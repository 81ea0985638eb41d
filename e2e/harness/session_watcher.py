"""The page of an application that watches the login at the provider (OpenID Connect Session Management 1.0 §3.1)."""

_PAGE = """<!DOCTYPE html>
<title>Application</title>
<p id="answer"></p>
<iframe id="frame" src="FRAME"></iframe>
<script>
window.addEventListener("message", (event) => {
    if (event.origin === "ISSUER") {
        document.getElementById("answer").textContent = event.data;
    }
});
const ask = () => document.getElementById("frame").contentWindow.postMessage("MESSAGE", "ISSUER");
document.getElementById("frame").addEventListener("load", () => setInterval(ask, 200));
</script>
"""


def watching_page(issuer: str, frame: str, message: str) -> str:
    """Asks the provider's frame five times a second, and shows its last answer in `#answer`."""
    return _PAGE.replace("FRAME", frame).replace("ISSUER", issuer).replace("MESSAGE", message)
