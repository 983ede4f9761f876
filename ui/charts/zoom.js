// The map is zoomed and moved by the wheel (with Ctrl, or once it is chosen), by pinching, dragging, buttons and keys.
// What it comes to stands in variables of the whole document, so that no redraw of Streamlit's loses it.
if (!window.earshotZoom) {
  const MOST = 8, STEP = 1.6, PAN = 40;
  const view = (window.earshotZoom = { k: 1, x: 0, y: 0 });
  const fingers = new Map();
  let drag = null;
  const root = document.documentElement;
  const drawing = (event) => event.target.closest?.(".es-sheet")?.querySelector("svg");
  const size = (svg) => svg.viewBox.baseVal;
  const within = (value, low, high) => Math.min(high, Math.max(low, value));
  const put = (svg, k, x, y) => {
    const { width, height } = size(svg);
    view.k = within(k, 1, MOST);
    view.x = within(x, width * (1 - view.k), 0);
    view.y = within(y, height * (1 - view.k), 0);
    root.style.setProperty("--map-k", view.k.toFixed(3));
    root.style.setProperty("--map-x", view.x.toFixed(1));
    root.style.setProperty("--map-y", view.y.toFixed(1));
    root.dataset.map = view.k >= 4 ? "4" : view.k >= 2 ? "2" : view.k > 1 ? "1" : "0";
  };
  // where the pointer is, in units of the drawing
  const at = (svg, event) => {
    const box = svg.getBoundingClientRect();
    const unit = size(svg).width / box.width;
    return { x: (event.clientX - box.left) * unit, y: (event.clientY - box.top) * unit };
  };
  const zoom = (svg, by, about) => {
    const k = within(view.k * by, 1, MOST);
    const { x, y } = about ?? { x: size(svg).width / 2, y: size(svg).height / 2 };
    put(svg, k, x - ((x - view.x) * k) / view.k, y - ((y - view.y) * k) / view.k);
  };
  const move = (svg, x, y) => put(svg, view.k, view.x + x, view.y + y);

  document.addEventListener("wheel", (event) => {
    const svg = drawing(event);
    if (!svg?.contains(event.target)) return;
    if (!event.ctrlKey && !event.metaKey && !svg.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(svg, Math.exp(-event.deltaY / 300), at(svg, event));
  }, { passive: false });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zoom]");
    if (!button) return;
    const svg = drawing(event);
    if (button.dataset.zoom === "all") put(svg, 1, 0, 0);
    else zoom(svg, button.dataset.zoom === "in" ? STEP : 1 / STEP);
  });

  const KEYS = {
    ArrowLeft: (svg) => move(svg, PAN, 0), ArrowRight: (svg) => move(svg, -PAN, 0),
    ArrowUp: (svg) => move(svg, 0, PAN), ArrowDown: (svg) => move(svg, 0, -PAN),
    "+": (svg) => zoom(svg, STEP), "=": (svg) => zoom(svg, STEP), "-": (svg) => zoom(svg, 1 / STEP),
    0: (svg) => put(svg, 1, 0, 0),
  };
  document.addEventListener("keydown", (event) => {
    const svg = drawing(event);
    const act = svg && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act(svg);
  });

  // A dot that leads to somebody is a link: what ends a drag is no press of it.
  document.addEventListener("dragstart", (event) => { if (drawing(event)) event.preventDefault(); });
  document.addEventListener("pointerdown", (event) => {
    const svg = drawing(event);
    if (!svg?.contains(event.target) || event.button) return;
    fingers.set(event.pointerId, at(svg, event));
    drag = { svg, far: 0 };
  });
  document.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !drag) return;
    const now = at(drag.svg, event);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    drag.far += Math.hypot(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
    if (drag.far > 4) root.dataset.mapDragged = "";
    if (other) {
      const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
      zoom(drag.svg, apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else move(drag.svg, now.x - before.x, now.y - before.y);
  });
  for (const ending of ["pointerup", "pointercancel"]) {
    document.addEventListener(ending, (event) => {
      if (!fingers.delete(event.pointerId) || fingers.size) return;
      delete root.dataset.mapDragged;
    });
  }
  document.addEventListener("click", (event) => {
    if (!drawing(event) || !drag || drag.far <= 4) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    drag = null;
  }, true);

  // The dot that is pointed at or has the focus says below the map what it is; one that has it is brought into sight.
  const read = (mark) => {
    const line = mark.closest(".es-map")?.querySelector(".es-readout");
    if (line) line.textContent = mark.getAttribute("aria-label");
  };
  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.(".es-map .es-mark");
    if (mark) read(mark);
  });
  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest?.(".es-map .es-mark");
    if (!mark) return;
    read(mark);
    const svg = drawing(event), place = mark.querySelector(".es-at").style, { width, height } = size(svg);
    const x = view.k * place.getPropertyValue("--x") + view.x, y = view.k * place.getPropertyValue("--y") + view.y;
    if (x < 0 || y < 0 || x > width || y > height) move(svg, width / 2 - x, height / 2 - y);
  });
}
