// What a page does by itself in the browser, once for as long as it is loaded.
if (!window.earshotPage) {
  window.earshotPage = true;

  // Links between screens open as Streamlit opens its own: by the address and a step in the history, without loading
  // the page anew. Whatever is not a plain click on such a link, or comes without a connection, is the browser's.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const href = link?.getAttribute("href") ?? "";
    if (!/^\/(match|taste|map|groups|privacy)(\?|$)/.test(href)) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!document.querySelector('.stApp[data-test-connection-state="CONNECTED"]')) return;
    event.preventDefault();
    history.pushState({}, "", href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  });

  // A question takes the place of the button that was pressed, and the focus is gone with the button: it goes on to
  // the answer that does nothing, the last one.
  const heeded = new WeakSet();
  new MutationObserver(() => {
    if (document.activeElement !== document.body) return;
    for (const asked of document.querySelectorAll(".es-sure, [class*=st-key-sure_box] [role=alert]")) {
      const answers = asked.closest(".stVerticalBlock, .stHorizontalBlock")?.querySelectorAll("button") ?? [];
      if (heeded.has(asked) || answers.length < 2) continue;
      heeded.add(asked);
      answers[answers.length - 1].focus();
      return;
    }
  }).observe(document.body, { childList: true, subtree: true });
}
