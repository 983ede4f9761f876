// What a page does by itself in the browser, once for as long as it is loaded.
if (!window.earshotPage) {
  window.earshotPage = true;

  // Links between screens open as Streamlit opens its own: by the address and a step in the history, without loading
  // the page anew. Whatever is not a plain click on such a link, or comes without a connection, is the browser's.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const href = link?.getAttribute("href") ?? "";
    if (!/^\/(match|story|taste|map|groups|people|privacy)?(\?|$)/.test(href)) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!document.querySelector('.stApp[data-test-connection-state="CONNECTED"]')) return;
    event.preventDefault();
    history.pushState({}, "", href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  });

  // The tab's title counts what the bar counts, which Streamlit does not know of.
  const count = () => {
    const n = document.querySelector(".es-badge")?.dataset.news;
    const plain = document.title.replace(/^\(\d+\) /, "");
    const title = n ? `(${n}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
  };
  new MutationObserver(count).observe(document, { childList: true, subtree: true, characterData: true });
  count();

  // What is pressed may be drawn anew, and the focus is gone with it. It goes on to the answer of a question that does
  // nothing, the last one, or to what took the place of the button: its key ends alike, as in leave_7 and undo_7. That
  // of a menu goes on to the menu.
  const handled = new WeakSet();
  let pressed = null;
  document.addEventListener("click", (event) => {
    pressed = event.target.closest?.("button[data-press]")?.dataset.press ?? null;
  });
  document.addEventListener("change", (event) => {
    pressed = event.target.dataset?.menu ?? null;
  });
  const question = () => {
    for (const asked of document.querySelectorAll(".es-sure")) {
      const answers = asked.closest(".es-actions, .stVerticalBlock, .stHorizontalBlock")?.querySelectorAll("button") ?? [];
      if (handled.has(asked) || answers.length < 2) continue;
      handled.add(asked);
      return answers[answers.length - 1];
    }
  };
  const successor = () => {
    const menu = [...document.querySelectorAll("select[data-menu]")].find((one) => one.dataset.menu === pressed);
    if (menu) return menu;
    const ending = pressed.slice(pressed.indexOf("_"));
    const buttons = [...document.querySelectorAll("button[data-press]:not(:disabled)")];
    return buttons.find((one) => one.dataset.press.endsWith(ending));
  };
  new MutationObserver(() => {
    if (document.activeElement !== document.body) return;
    const next = question() ?? (pressed === null ? null : successor());
    if (!next) return;
    pressed = null;
    next.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
