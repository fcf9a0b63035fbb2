// The page: asks the server, hands each presentation to the parts, and moves them through time.

import { Drawing } from "./drawing.js";
import { Fields } from "./fields.js";
import { Inputs } from "./inputs.js";
import { listenToKeys } from "./keys.js";
import { Look } from "./look.js";
import { Neurons } from "./neurons.js";
import { Pen } from "./pen.js";
import { Player } from "./player.js";
import { askDrawing, askModel, askTest, withdraw } from "./server.js";
import { Spikes } from "./spikes.js";
import { Timeline } from "./timeline.js";
import { Votes } from "./votes.js";
import { Winners } from "./winners.js";

const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const at = (id) => document.getElementById(id);
const say = (text) => { at("status").textContent = text; };

async function start() {
  const [model, bytes] = await askModel();
  const fields = new Fields(model, bytes);
  const parts = {
    inputs: new Inputs(at("seen"), at("inputs"), model),
    neurons: new Neurons(at("neurons"), model, fields),
    timeline: new Timeline(at("timeline"), model),
    votes: new Votes(at("votes"), at("answer"), at("why"), model),
    winners: new Winners(at("winners"), at("nobody"), model, fields),
  };
  const look = new Look(parts.neurons, at("neuron"));
  const player = new Player(
    (time) => {
      const fade = Math.max(6, 150 / player.slower); // ms of the network, long enough to be seen
      for (const part of Object.values(parts)) part.show(time, fade);
      look.show();
      at("position").value = time;
      at("clock").textContent = `${time.toFixed(1)} ms`;
    },
    (playing) => {
      at("play").textContent = playing ? "Pause" : "Play";
      at("neuron").ariaLive = playing ? "off" : "polite"; // its counts change all the time
    },
  );
  const present = (asked) => ask(asked, (found, took) => {
    show(found, model, parts, player);
    say(`answered in ${took} ms`);
  });
  const send = () => present(() => askDrawing(drawing.read(), !at("centring").hidden && at("centred").checked));
  const drawing = new Drawing(at("drawing"), at("paper"), model, () => { withdraw(); player.pause(); }, send);
  new Pen(drawing, at("pen"), say, model.cell);
  describe(model);
  control(model, player, drawing, present, send);
}

/** Say what the model is, and offer what it allows. */
function describe(model) {
  const n = (value) => value.toLocaleString("en");
  at("about").textContent = [
    `${n(model.neurons)} neurons`, `rule ${model.rule}`, `${n(model.presented)} presentations`,
    `images of ${model.height} × ${model.width}`, `${model.classes.length} classes`,
  ].join(" · ");
  at("neurons").setAttribute("aria-label", `Receptive fields of ${n(model.neurons)} neurons; arrow keys look at one`);
  at("centring").hidden = !model.centring;
  at("tests").hidden = !model.test_images;
  at("number").max = model.test_images - 1;
  at("position").max = model.window;
  document.body.classList.toggle("wide-images", model.width > 2 * model.height);
}

function control(model, player, drawing, present, send) {
  const clear = () => { withdraw(); drawing.clear(); say("the canvas is empty"); };
  const test = () => present(() => askTest(at("number").valueAsNumber));
  at("clear").addEventListener("click", clear);
  at("centred").addEventListener("change", () => { if (!drawing.empty) send(); });
  at("tests").addEventListener("submit", (event) => { event.preventDefault(); test(); });
  at("next").addEventListener("click", () => {
    at("number").value = ((at("number").valueAsNumber || 0) + 1) % model.test_images;
    test();
  });
  at("play").addEventListener("click", () => player.toggle());
  at("step").addEventListener("click", () => player.step(1));
  at("back").addEventListener("click", () => player.step(-1));
  at("speed").addEventListener("change", () => { player.slower = Number(at("speed").value); });
  at("position").addEventListener("input", () => { player.pause(); player.seek(at("position").valueAsNumber); });
  const keys = { " ": () => player.toggle(), ".": () => player.step(1), ",": () => player.step(-1) };
  listenToKeys({ ...keys, home: () => player.seek(0), c: clear });
}

/** Show what a question brings, or why it brings nothing. */
async function ask(question, take) {
  const asked = performance.now();
  try {
    const found = await question();
    at("error").hidden = true;
    take(found, Math.round(performance.now() - asked));
  } catch (error) {
    if (error.name === "AbortError") return;
    at("error").hidden = false;
    at("error").textContent = error instanceof TypeError ? "The server does not answer: was it ended?" : error.message;
  }
}

function show(found, model, parts, player) {
  const spikes = Object.fromEntries(Object.entries(found.spikes).map(([name, given]) => [name, new Spikes(given)]));
  const again = found.repetitions ? `; shown ${found.repetitions + 1} times, since it brought too few spikes` : "";
  at("done").textContent = `${found.done[0].toUpperCase()}${found.done.slice(1)}${again}.`;
  at("seen").setAttribute("aria-label", `The image that the network gets: ${found.done}`);
  parts.inputs.load(found.image, spikes.inputs);
  parts.neurons.load({ inhibitory: new Spikes(), ...spikes });
  parts.timeline.load(spikes);
  parts.votes.load(found, spikes.excitatory);
  parts.winners.load(spikes.excitatory);
  at("play").disabled = at("position").disabled = false;
  player.pause();
  player.load(model.window, spikes.excitatory.times);
  player.seek(CALM.matches ? model.window : 0);
  if (!CALM.matches) player.play();
}

ask(start, () => {});
