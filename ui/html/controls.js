// Tells Python which button that is HTML was pressed, or what was chosen in a menu (see ui/html/controls.py).
const LASTS_MS = 30000; // what is not handled by then is dropped: done later, it would surprise
export default function ({ data, setTriggerValue }) {
  const first = !window.earshotPress;
  // All that Python has not handled yet is sent each time: of two runs asked for before the first has begun,
  // Streamlit keeps only what the second one sends.
  const handled = data?.handled ?? 0;
  const waiting = (window.earshotWaiting = (window.earshotWaiting ?? []).filter((one) => one.number > handled));
  window.earshotNumber = Math.max(window.earshotNumber ?? 0, handled);
  window.earshotPress = (key) => {
    const since = performance.now() - LASTS_MS;
    waiting.splice(0, waiting.findLastIndex((one) => one.at < since) + 1);
    waiting.push({ number: ++window.earshotNumber, key, at: performance.now() });
    setTriggerValue("pressed", waiting.map((one) => [one.number, one.key]));
  };
  if (!first) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-press]");
    if (button && !button.disabled) window.earshotPress(button.dataset.press);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("select[data-menu]")) window.earshotPress(event.target.value);
  });
}
