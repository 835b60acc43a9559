// Conveniences of the console. Every screen works without this file; it never sends or keeps text by itself.

const state = new WeakMap();

function written(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

// Leaving a form with text that is not saved asks first; saving it does not.
function guard(form) {
  state.set(form, form.dataset.guard === "unsaved" ? null : written(form));
  form.addEventListener("submit", () => state.delete(form));
}

function unsaved() {
  return [...document.querySelectorAll("form[data-guard]")].some((form) => state.has(form) && state.get(form) !== written(form));
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("span").textContent = "Copied";
  });
}

function dismiss(button) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest(".toast").remove());
}

function close(menu, back) {
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
}

document.querySelectorAll("form[data-guard]").forEach(guard);
document.querySelectorAll("[data-reveal]").forEach(reveal);
document.querySelectorAll("[data-copy]").forEach(copy);
document.querySelectorAll("[data-dismiss]").forEach(dismiss);

addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});

// A page that comes back from the browser's memory still holds its text, and guards it again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-guard]").forEach((form) => state.set(form, null));
});

addEventListener("keydown", (event) => {
  const save = document.querySelector("[data-save]");
  if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && save) {
    event.preventDefault();
    save.form.requestSubmit(save);
  }
  const menus = document.querySelectorAll(".menu[open]");
  if (event.key === "Escape" && menus.length) close(menus[menus.length - 1], true);
});

addEventListener("click", (event) => {
  document.querySelectorAll(".menu[open]").forEach((menu) => menu.contains(event.target) || close(menu, false));
});
