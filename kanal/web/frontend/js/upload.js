// Uploads: a drop area that shows what was chosen, or, with data-upload-url, sends each file at once with its progress.
import htmx from "htmx.org";
import { behaviour } from "./connect.js";
import { csrf } from "./http.js";
import { make, text } from "./texts.js";
import { toast } from "./toast.js";

function post(url, input, file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const data = input.form ? new FormData(input.form) : new FormData();
    data.set(input.name, file);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("loadend", () => resolve(request));
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("HX-Request", "true");
    request.send(data);
  });
}

function refusal(request) {
  const type = request.getResponseHeader("content-type") ?? "";
  if (!request.status) return text("offline");
  if (type.includes("json")) return JSON.parse(request.responseText).detail ?? text("failed");
  return type.includes("text/plain") ? request.responseText : text(request.status === 403 ? "forbidden" : "failed");
}

async function upload(area, input, file) {
  const bar = make("progress", { max: "1", value: "0", "aria-label": file.name });
  const row = make("div", { class: "upload" }, make("span", { text: file.name }), make("span", { class: "num text-muted" }), bar);
  area.querySelector("[data-upload-progress]").append(row);
  const request = await post(area.dataset.uploadUrl, input, file, (part) => {
    bar.value = part;
    row.children[1].textContent = `${Math.round(part * 100)} %`;
  });
  row.remove();
  if (request.status < 200 || request.status > 299) return toast(`${file.name}: ${refusal(request)}`, "error");
  toast(text("uploaded", { name: file.name }), "success");
  const list = document.querySelector(area.dataset.uploadList || null);
  if (list) {
    list.insertAdjacentHTML("afterbegin", request.responseText);
    htmx.process(list);
  }
}

behaviour("[data-upload]", (area) => {
  const input = area.querySelector("input[type=file]");
  const drop = area.querySelector(".file-drop");
  for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, () => drop.classList.add("over"));
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("over"));
  input.addEventListener("change", async () => {
    if (!area.dataset.uploadUrl) {
      area.querySelector("[data-upload-progress]").textContent = [...input.files].map((file) => file.name).join(", ");
      return;
    }
    const files = [...input.files];
    input.value = "";
    for (const file of files) await upload(area, input, file);
  });
});
