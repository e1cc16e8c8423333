// How much room names take, as the viewer writes them: beside a symbol 11 pixels a Chinese sign and broken after 90, in a box 12.
const BESIDE = { sign: 11, half: 6.2, line: 13.2, width: 90 };
const INSIDE = { sign: 12, half: 6.5, line: 14.4 };

export const length = (name, { sign, half } = INSIDE) => [...name].reduce((sum, one) => sum + (one.codePointAt(0) > 255 ? sign : half), 0);

// The room of a name beside a symbol or a line.
export function beside(name) {
  const whole = length(name, BESIDE);
  return { width: Math.ceil(Math.min(whole, BESIDE.width)), height: Math.ceil(Math.ceil(whole / BESIDE.width) * BESIDE.line) };
}

// A box at least as large as given in which a name stands whole.
export function boxFor(name, { width, height }) {
  const grown = { width: width + (width % 2), height: height + (height % 2) };
  const needed = () => Math.ceil(length(name) / (Math.floor((grown.width - 10) / INSIDE.sign) * INSIDE.sign)) * INSIDE.line + 4;
  while (needed() > grown.height && grown.width < 200) grown.width += 20;
  while (needed() > grown.height) grown.height += 20;
  return grown;
}
