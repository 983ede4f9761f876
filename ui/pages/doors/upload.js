// The form with files: sends it without leaving the page, and shows how much has arrived. Without this script the
// form works as any other.
const within = (box, name) => box.querySelector(`[data-part="${name}"]`);
const megabytes = (n, of) => (n / 1e6).toLocaleString("en", { maximumFractionDigits: of < 1e7 ? 1 : 0 });

const send = (form, box) => {
  const request = new XMLHttpRequest();
  const bar = box.querySelector("progress");
  const cancel = within(box, "cancel");
  const aloud = within(box, "aloud");
  const told = within(form, "told");
  let quarter = 0;

  const tell = ({ loaded, total }) => {
    const share = total ? loaded / total : 0;
    const percent = Math.floor(100 * share);
    const counts = { share: percent, done: megabytes(loaded, total), all: megabytes(total, total) };
    const count = box.dataset.count.replace(/{(\w+)}/g, (_, name) => counts[name]);
    bar.value = share;
    if (share === 1 && document.activeElement === cancel) bar.focus();
    cancel.hidden = share === 1; // the server has it
    within(box, "count").textContent = share < 1 ? count : box.dataset.looking;
    if (Math.floor(4 * share) === quarter) return; // spoken at each quarter only
    quarter = Math.floor(4 * share);
    aloud.textContent = share < 1 ? box.dataset.spoken.replace("{share}", percent) : box.dataset.looking;
  };

  const stop = (words) => {
    box.hidden = true;
    form.hidden = false;
    aloud.textContent = "";
    told.textContent = words;
    form.querySelector("button").focus();
  };

  const show = () => {
    if (request.responseURL !== form.action) return location.assign(request.responseURL);
    if (!/^text\/html\b/.test(request.getResponseHeader("Content-Type"))) return stop(request.responseText);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.documentElement.replaceWith(document.adoptNode(answer.documentElement));
    scrollTo(0, 0);
    const title = document.querySelector('[role="alert"], h1');
    title?.setAttribute("tabindex", "-1");
    title?.focus();
  };

  request.upload.addEventListener("progress", tell);
  request.addEventListener("load", show);
  request.addEventListener("error", () => stop(box.dataset.broken));
  request.addEventListener("abort", () => stop(box.dataset.cancelled));
  cancel.onclick = () => request.abort();

  request.open("POST", form.action);
  request.send(new FormData(form));
  told.textContent = "";
  form.hidden = true;
  box.hidden = false;
  tell({ loaded: 0, total: [...form.elements.file.files].reduce((sum, one) => sum + one.size, 0) });
  cancel.focus();
};

// on the document, which stays when an answer takes the page's place
document.addEventListener("submit", (event) => {
  const box = event.target.previousElementSibling;
  if (!box?.matches(".es-sending")) return;
  event.preventDefault();
  send(event.target, box);
});
