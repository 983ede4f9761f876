// The page to pick artists on, without loading it anew: sends the form as it is, and puts the answer's parts in place
// of its own. Without this script the form works as any other.
const form = document.querySelector(".es-pick");
const query = form.querySelector("#pick-query");
let presses = Promise.resolve(); // one after the other: each sends what the one before has picked
let waiting = 0;

const part = (within, name) => within.querySelector(`[data-part="${name}"]`);

const ask = async (name, value) => {
  const fields = new URLSearchParams(new FormData(form));
  if (name) fields.append(name, value);
  fields.append("bare", "1");
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: fields });
  if (answer.redirected) location.assign(answer.url);
  if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};

const press = async (name, value) => {
  const answer = await ask(name, value);
  const pressed = document.activeElement?.dataset?.press;
  for (const one of ["found", "picked", "grid", "bar", "carried"]) part(form, one).replaceWith(part(answer, one));
  if (name === "take") {
    query.value = "";
    query.focus();
  } else if (pressed && document.activeElement === document.body) {
    const again = [...form.querySelectorAll("[data-press]")].find((one) => one.dataset.press === pressed);
    (again ?? form.querySelector('[name="more"]'))?.focus({ preventScroll: true });
  }
};

const search = async () => {
  const typed = query.value;
  const answer = await ask();
  if (query.value === typed) part(form, "found").replaceWith(part(answer, "found"));
};

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.name === "done") return;
  event.preventDefault();
  clearTimeout(waiting);
  const { name, value } = button;
  presses = presses.then(() => (name === "find" ? search() : press(name, value))).catch(() => {});
});

query.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search().catch(() => {}), 150);
});
