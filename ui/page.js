// What a page does by itself in the browser, once for as long as it is loaded.
if (!window.earshotPage) {
  window.earshotPage = true;

  // Links between screens open as Streamlit opens its own: by the address and a step in the history, without loading
  // the page anew. Whatever is not a plain click on such a link, or comes without a connection, is the browser's.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const href = link?.getAttribute("href") ?? "";
    if (!/^\/(match|taste|map|groups|privacy)?(\?|$)/.test(href)) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!document.querySelector('.stApp[data-test-connection-state="CONNECTED"]')) return;
    event.preventDefault();
    history.pushState({}, "", href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  });

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
    const news = [...document.querySelectorAll('.es-told[role="status"], .es-result')].map((one) => one.textContent);
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

  // Without a network nothing moves: the page says so (ui/shared/connection.py), by an attribute that its style heeds.
  const online = () => document.documentElement.toggleAttribute("data-offline", !navigator.onLine);
  for (const change of ["online", "offline"]) window.addEventListener(change, online);
  online();
}
