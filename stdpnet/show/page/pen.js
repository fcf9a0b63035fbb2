// Drawing with the keyboard: arrows move a pen over the canvas, space puts it down and takes it up.

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pen {
  constructor(drawing, mark, say, cell) {
    Object.assign(this, { drawing, mark, say, cell });
    const { canvas } = drawing;
    this.at = [canvas.width / 2, canvas.height / 2];
    this.down = false;
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.show());
    canvas.addEventListener("blur", () => this.leave());
    canvas.addEventListener("pointerdown", () => this.show());
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") this.press();
    else if (event.key in MOVES) this.move(MOVES[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  press() {
    this.down = !this.down;
    if (this.down) this.drawing.begin(this.at);
    else this.drawing.end();
    this.say(this.down ? "pen down" : "pen up");
    this.show();
  }

  move(direction) {
    const { canvas } = this.drawing;
    const ends = [canvas.width, canvas.height];
    this.at = this.at.map((value, k) => {
      return Math.min(Math.max(value + this.cell * direction[k], this.cell / 2), ends[k] - this.cell / 2);
    });
    if (this.down) this.drawing.move(this.at);
    this.show();
  }

  /** Show where the pen is, to those who came by keyboard. */
  show() {
    const { canvas } = this.drawing;
    const scale = canvas.clientWidth / canvas.width;
    this.mark.hidden = !canvas.matches(":focus-visible");
    this.mark.classList.toggle("down", this.down);
    this.mark.style.left = `${canvas.offsetLeft + this.at[0] * scale}px`;
    this.mark.style.top = `${canvas.offsetTop + this.at[1] * scale}px`;
  }

  leave() {
    if (this.down) this.press();
    this.mark.hidden = true;
  }
}
