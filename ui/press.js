// Tells Python which button that is HTML was pressed, or what was chosen in a menu (see ui/components/press.py).
export default function ({ setTriggerValue }) {
  const first = !window.earshotPress;
  window.earshotPress = (key) => setTriggerValue("pressed", key);
  if (!first) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-press]");
    if (button && !button.disabled) window.earshotPress(button.dataset.press);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("select[data-menu]")) window.earshotPress(event.target.value);
  });
}
