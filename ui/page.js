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

  // Streamlit's link to the content leads to a part of the page that begins with our bar: it is to skip that.
  const headingOf = (place) =>
    [...(place?.querySelectorAll("h1, h2, h3, h4") ?? [])].find((one) => one.checkVisibility());
  const toHeading = (place) => {
    const heading = headingOf(place);
    if (!heading) return false;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    return document.activeElement === heading;
  };
  const content = () => document.querySelector(".st-key-screen");
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-testid="stSkipToContent"]') || !toHeading(content())) return;
    event.preventDefault();
    document.activeElement.scrollIntoView({ block: "start" });
  });

  // What is pressed may be drawn anew, and the focus is gone with it. It goes on to the answer of a question that does
  // nothing, the last one, or to what took the place of the button: its key ends alike, as in leave_7 and undo_7. That
  // of a menu goes on to the menu; of anything else to its like in the same place, or to the heading of what stands
  // there now: never to another button, which a second press would act on, and never to the top of the page.
  const handled = new WeakSet();
  let pressed = null;
  document.addEventListener("click", (event) => {
    pressed = event.target.closest?.("button[data-press]")?.dataset.press ?? null;
  });
  document.addEventListener("change", (event) => {
    pressed = event.target.dataset?.menu ?? null;
  });
  for (const doing of ["keydown", "pointerdown"]) document.addEventListener(doing, () => { sent = null; }, true);
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
  let last = null, sent = null;
  const named = (one) =>
    [one.tagName, one.dataset.press, one.getAttribute("href"), one.getAttribute("aria-label"), one.textContent].join("\n");
  const here = () => `${location.pathname}?${new URLSearchParams(location.search).get("listener")}`;
  document.addEventListener("focusin", ({ target }) => {
    const within = [];
    for (let one = target; one.parentElement && one.parentElement !== document.body; one = one.parentElement)
      within.push({ place: one.parentElement, nth: [...one.parentElement.children].indexOf(one) });
    last = { target, within, name: named(target), address: here() };
    if (target !== sent?.heading) sent = null;
  });
  const isGone = ({ target }) => !target.isConnected || target.disabled || !target.checkVisibility();
  const toLike = (lost) => {
    const there = lost.within.find(({ place }) => place.isConnected && place.checkVisibility())?.place;
    const like = [...(there?.querySelectorAll(lost.target.tagName) ?? [])].find((one) => named(one) === lost.name);
    like?.focus({ preventScroll: true });
    return like !== undefined && document.activeElement === like;
  };
  // The heading of what came in the place of what is gone; of another screen, its first. That comes piece by piece: a
  // nearer one is taken when it is there, until somebody does something.
  const to = (place) => {
    const heading = headingOf(place);
    if (!heading || heading === sent.heading) return false;
    sent.heading = heading;
    return toHeading(place);
  };
  const toPlace = ({ within, address }) => {
    if (address !== here()) return false;
    for (const { place, nth } of within) {
      if (!place.isConnected) continue;
      if (place.contains(content())) return false;
      if ([...place.children].slice(nth, nth + 3).some(to)) return true;
    }
    return false;
  };
  const goOn = (lost) => {
    if (toLike(lost)) return;
    sent = { lost, heading: null, isNear: false };
    sent.isNear = toPlace(lost);
    if (!sent.isNear) to(content() ?? document.querySelector('[data-testid="stMain"]'));
  };
  const again = () => {
    if (sent.lost.address !== here()) to(content());
    else if (!toLike(sent.lost) && sent !== null && !sent.isNear) sent.isNear = toPlace(sent.lost);
  };
  new MutationObserver(() => {
    tellAloud();
    unfold();
    keepFolds();
    const isSent = sent !== null && document.activeElement === sent.heading;
    if (document.activeElement !== document.body && !isSent) return;
    const next = question() ?? (pressed === null ? null : successor());
    if (next) {
      pressed = null;
      next.focus({ preventScroll: true });
    } else if (isSent) again();
    else if (last && isGone(last)) goOn(sent?.lost ?? last);
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });

  // What came of something is drawn together with its words, which readers of screens often miss: they are told in a
  // region that was there before.
  const host = document.body.appendChild(document.createElement("div"));
  host.className = "es-aloud";
  const aloud = host.attachShadow({ mode: "closed" }).appendChild(document.createElement("div")); // not a text twice
  aloud.setAttribute("role", "log");
  aloud.setAttribute("aria-live", "polite");
  let told = "";
  function tellAloud() {
    const news = [...document.querySelectorAll('.es-told[role="status"], .es-result, .es-badge')].map((one) => one.textContent);
    const text = news.join(" ");
    if (text === told) return;
    told = text;
    aloud.textContent = text;
  }

  // Parts that unfold (ui/html/fold.py) stay as they were left when they are drawn anew; what is told or asked in one
  // unfolds it.
  const open = new Set(), seen = new Set();
  function unfold() {
    for (const head of document.querySelectorAll("button[data-fold]")) {
      const key = head.dataset.fold, panel = head.closest('[class*="st-key-panel_"]');
      if (head.hasAttribute("data-open-at-first") && !seen.has(key)) open.add(key);
      seen.add(key);
      if (panel?.querySelector(".es-notice, .es-told, .es-sure")) open.add(key);
      panel?.toggleAttribute("data-open", open.has(key));
      head.setAttribute("aria-expanded", String(open.has(key)));
    }
  }
  document.addEventListener("click", (event) => {
    const head = event.target.closest?.("button[data-fold]");
    if (!head) return;
    if (!open.delete(head.dataset.fold)) open.add(head.dataset.fold);
    unfold();
  });

  // A text of the page, saved as a file: for whoever has no session any more that could fetch one.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-save]");
    if (!button) return;
    const way = document.createElement("a");
    way.href = URL.createObjectURL(new Blob([button.dataset.text], { type: "text/plain;charset=utf-8" }));
    way.download = button.dataset.save;
    way.click();
    setTimeout(() => URL.revokeObjectURL(way.href), 60000);
  });

  // What was unfolded, or folded, stays so when it is drawn anew.
  const unfolded = new Map();
  document.addEventListener("toggle", ({ target }) => {
    if (target.dataset?.fold) unfolded.set(target.dataset.fold, target.open);
  }, true);
  const keepFolds = () => {
    for (const fold of document.querySelectorAll("details[data-fold]")) {
      fold.open = unfolded.get(fold.dataset.fold) ?? fold.open;
    }
  };

  // Whoever comes back to a list finds it where they left it: the row whose link they followed stands at the same height,
  // and has the focus. It is looked for until the page is drawn, or until they move on by themselves.
  const left = new Map(); // by address: the link, and the height of its row
  const MOST_FRAMES = 900; // whoever is no longer in the list is not waited for
  let wanted = null;
  const listed = () => location.pathname + [...new URLSearchParams(location.search)].sort().join("&");
  const row = (link) => link.closest("article");
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`article a[href^="/match"]`);
    if (link) left.set(listed(), { href: link.getAttribute("href"), top: row(link).getBoundingClientRect().top });
  }, true);
  window.addEventListener("popstate", () => {
    wanted = left.get(listed()) ?? null;
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

  // Without a network nothing moves: the page says so (ui/shared/connection.py), by an attribute that its style heeds.
  const online = () => document.documentElement.toggleAttribute("data-offline", !navigator.onLine);
  for (const change of ["online", "offline"]) window.addEventListener(change, online);
  online();
}
