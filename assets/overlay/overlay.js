// Shows what the server's event stream says. What was said is only ever set as text, never as markup.
"use strict";

const query = new URLSearchParams(location.search);
const list = document.getElementById("lines");
const state = document.getElementById("state");
const problem = document.getElementById("problem");
const docked = query.has("dock");

const isColour = (value) => CSS.supports("color", value);
const number = (least, most) => (value) => value !== "" && Number(value) >= least && Number(value) <= most;
const oneOf = (...names) => (value) => names.includes(value);

// Each option of the URL: what it may be, and what becomes of it.
const settings = { lines: docked ? 8 : 2, seconds: docked ? 0 : 12, words: "live" };
const style = (name, unit = "") => (value) => document.documentElement.style.setProperty(name, value + unit);
const OPTIONS = {
  font: [(value) => CSS.supports("font-family", value), style("--font")],
  size: [number(8, 400), style("--size", "px")],
  colour: [isColour, style("--colour")],
  outline: [number(0, 40), style("--outline", "px")],
  outline_colour: [isColour, style("--outline-colour")],
  background: [isColour, style("--background")],
  align: [oneOf("left", "center", "right"), style("--align")],
  place: [oneOf("top", "middle", "bottom"), (value) =>
    style("--place")({ top: "flex-start", middle: "center", bottom: "flex-end" }[value])],
  lines: [number(1, 8), (value) => { settings.lines = Math.round(Number(value)); }],
  seconds: [number(0, 3600), (value) => { settings.seconds = Number(value); }],
  words: [oneOf("live", "whole"), (value) => { settings.words = value; }],
  dock: [() => true, () => document.body.classList.add("dock")],
};

function readOptions() {
  const wrong = [];
  for (const [name, value] of query) {
    const [allowed, apply] = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : [() => false, null];
    if (allowed(value)) apply(value);
    else wrong.push(`${name}=${value}`);
  }
  if (wrong.length) tellProblem(`Unknown in this page's address: ${wrong.join(", ")}`);
}

function tellProblem(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

// The lines

let partial = null; // the element of the line being said

function addLine(text) {
  const element = document.createElement("p");
  element.className = "line";
  element.textContent = text;
  list.append(element);
  while (list.children.length > settings.lines) list.firstElementChild.remove();
  return element;
}

function leaveLater(element, age) {
  if (settings.seconds === 0) return;
  setTimeout(() => {
    element.classList.add("leaving");
    setTimeout(() => element.remove(), 400);
  }, (settings.seconds - age) * 1000);
}

function dropPartial() {
  if (partial) partial.remove();
  partial = null;
}

function clearLines() {
  list.replaceChildren();
  partial = null;
}

const HANDLERS = {
  snapshot(event) {
    clearLines();
    for (const line of event.lines) {
      if (settings.seconds === 0 || line.age < settings.seconds) leaveLater(addLine(line.text), line.age);
    }
    if (event.partial) HANDLERS.piece({ text: event.partial });
    showState(event);
  },
  piece(event) {
    if (settings.words !== "live") return;
    if (!partial) {
      partial = addLine("");
      partial.classList.add("partial");
    }
    partial.textContent += event.text;
  },
  line(event) {
    if (!event.text) return dropPartial();
    const element = partial ?? addLine("");
    partial = null;
    element.textContent = event.text;
    element.classList.remove("partial");
    leaveLater(element, 0);
  },
  cleared: clearLines,
  state: showState,
};

// The dock

const STATES = { loading: "The model is loading", live: "Live", paused: "Paused", ended: "Not running" };

function showState(event) {
  state.textContent = STATES[event.state];
  for (const button of document.querySelectorAll("#dock button")) button.disabled = event.state === "ended";
}

async function send(command) {
  const answer = await fetch("control", { method: "POST", headers: { "Content-Type": "text/plain" }, body: command })
    .catch(() => null);
  if (!answer) tellProblem("Courtside does not answer");
  else tellProblem(answer.ok ? "" : await answer.text());
}

function openDock() {
  document.getElementById("dock").hidden = false;
  for (const button of document.querySelectorAll("[data-command]")) {
    button.addEventListener("click", () => send(button.dataset.command));
  }
  const question = document.getElementById("question");
  document.getElementById("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value.trim();
    if (text) send(`ask ${text}`);
    question.value = "";
  });
}

// The connection: opened again whenever it ends, a little later each time, until it is there

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
let wait = FIRST_WAIT_MS;

function connect() {
  const events = new EventSource("events");
  events.onmessage = (message) => {
    wait = FIRST_WAIT_MS;
    const event = JSON.parse(message.data);
    if (Object.hasOwn(HANDLERS, event.type)) HANDLERS[event.type](event);
  };
  events.onerror = () => {
    events.close();
    dropPartial();
    showState({ state: "ended" });
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  };
}

readOptions();
if (docked) openDock();
connect();
