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
  const refocus = () => {
    if (document.activeElement !== document.body) return;
    const next = question() ?? (pressed === null ? null : successor());
    if (!next) return;
    pressed = null;
    next.focus({ preventScroll: true });
  };

  // What was unfolded, or folded, stays so when it is drawn anew.
  const unfolded = new Map();
  document.addEventListener("toggle", ({ target }) => {
    if (target.dataset?.fold) unfolded.set(target.dataset.fold, target.open);
  }, true);
  const unfold = () => {
    for (const fold of document.querySelectorAll("details[data-fold]")) {
      fold.open = unfolded.get(fold.dataset.fold) ?? fold.open;
    }
  };

  // Whoever comes back to a list finds it where they left it: the row whose link they followed stands at the same height,
  // and has the focus. It is looked for until the page is drawn, or until they move on by themselves.
  const left = new Map(); // by address: the link, and the height of its row
  const MOST_FRAMES = 900; // whoever is no longer in the list is not waited for
  let wanted = null;
  const here = () => location.pathname + [...new URLSearchParams(location.search)].sort().join("&");
  const row = (link) => link.closest("article");
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`article a[href^="/match"]`);
    if (link) left.set(here(), { href: link.getAttribute("href"), top: row(link).getBoundingClientRect().top });
  }, true);
  window.addEventListener("popstate", () => {
    wanted = left.get(here()) ?? null;
    if (wanted) restore(MOST_FRAMES);
  });
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { wanted = null; }, { capture: true, passive: true });
  }
  function restore(frames) {
    if (!wanted || !frames) return;
    const links = document.querySelectorAll("article a[href]");
    const link = [...links].find((one) => one.getAttribute("href") === wanted.href && one.getClientRects().length);
    const ended = document.querySelector('.stApp[data-test-script-state="notRunning"]');
    if (link) {
      const main = document.querySelector('[data-testid="stMain"]');
      main.scrollTop += row(link).getBoundingClientRect().top - wanted.top;
      if (ended) {
        link.focus({ preventScroll: true });
        wanted = null;
        return;
      }
    }
    requestAnimationFrame(() => restore(frames - 1));
  }

  new MutationObserver(() => {
    unfold();
    refocus();
  }).observe(document.body, { childList: true, subtree: true });
}
