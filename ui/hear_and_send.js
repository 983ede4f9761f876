// Spotify's player, one at a time and only when it is asked for; and pictures that are handed to other apps.
if (!window.earshotHeard) {
  window.earshotHeard = true;
  const told = "TEXTS";

  let opener = null;
  const close = () => {
    const player = document.querySelector(".es-player");
    if (!player) return;
    player.remove();
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };
  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const open = (link) => {
    close();
    opener = link;
    const player = made("aside", { className: "es-player", tabIndex: -1, ariaLabel: told.player });
    // Permissions as in the HTML of Spotify's oEmbed (developer.spotify.com/documentation/embeds), which has no sandbox.
    // What is played, and from which page, is not in a referrer.
    const frame = made("iframe", {
      title: `${told.player}: ${link.getAttribute("aria-label")}`,
      allow: "autoplay; clipboard-write; encrypted-media; fullscreen; picture-in-picture",
      referrerPolicy: "no-referrer",
      src: `https://open.spotify.com/embed/track/${encodeURIComponent(link.dataset.embed)}`,
    });
    const button = made("button", { type: "button", className: "es-button", textContent: told.close, onclick: close });
    player.append(frame, made("p", { textContent: told.note }), button);
    (document.querySelector(".stApp") ?? document.body).append(player);
    player.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-embed]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.(".es-player")) close();
  });

  const file = (source, name) => {
    const bytes = Uint8Array.from(atob(source.slice(source.indexOf(",") + 1)), (char) => char.charCodeAt(0));
    return new File([bytes], name, { type: "image/png" });
  };
  if (navigator.canShare?.({ files: [new File(["x"], "x.png", { type: "image/png" })] })) {
    document.documentElement.classList.add("es-can-send");
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-send]");
    const picture = button && document.querySelector(`img.${CSS.escape(button.dataset.send)}`);
    if (!picture) return;
    // who changes their mind has not failed; the download is beside it
    navigator.share({ files: [file(picture.src, button.dataset.file)] }).catch(() => {});
  });
}
