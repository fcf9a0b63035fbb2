// Questions to the server. A new one ends the one before: only the last drawing is of interest.

let asked = new AbortController();

async function answer(path, options) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new Error(said.error ?? `the server answers ${response.status}`);
}

/** Return what the page has to know of the model, and its receptive fields: a byte for each pixel of each neuron. */
export async function askModel() {
  const [model, fields] = await Promise.all([answer("model"), answer("fields")]);
  return [await model.json(), new Uint8Array(await fields.arrayBuffer())];
}

/** Return what the network makes of a drawing: a byte of ink for each pixel of the canvas. */
export function askDrawing(ink, centred) {
  return ask(`drawing${centred ? "?centred=yes" : ""}`, { method: "POST", body: ink });
}

/** Return what the network makes of a test image. */
export function askTest(number) {
  return ask(`test/${number}`, {});
}

/** Forget the question that is open. */
export function withdraw() {
  asked.abort();
}

async function ask(path, options) {
  withdraw();
  asked = new AbortController();
  return (await answer(path, { ...options, signal: asked.signal })).json();
}
