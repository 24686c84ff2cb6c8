import { each, type Html, html } from './html.ts';

export interface Chart {
  title: string;
  /** What the axis below says, and its marks. */
  x: Axis;
  y: Axis;
  lines: Line[];
}

export interface Axis {
  label: string;
  ticks: { value: number; text: string }[];
  /** Logarithmic; all values must be above 0. */
  log?: boolean;
}

export interface Line {
  name: string;
  /** A class of the page's style: its colour. */
  color: string;
  dashed?: boolean;
  points: (readonly [x: number, y: number])[];
}

const width = 640;
const height = 240;
const margin = { top: 10, right: 14, bottom: 40, left: 56 };

/** A line chart that needs no script: an image within the page, with a legend as text. */
export function lineChart({ title, x, y, lines }: Chart): Html {
  const points = lines.flatMap((line) => line.points);
  const placeX = scale(
    x,
    points.map(([value]) => value),
    [margin.left, width - margin.right],
  );
  const placeY = scale(
    y,
    points.map(([, value]) => value),
    [height - margin.bottom, margin.top],
  );
  return html`<figure>
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${each(y.ticks, ({ value, text }) => gridLine(placeY(value), text))}
${each(x.ticks, ({ value, text }) => html`<text x="${round(placeX(value))}" y="${height - margin.bottom + 16}" text-anchor="middle">${text}</text>`)}
<text x="${(margin.left + width - margin.right) / 2}" y="${height - 4}" text-anchor="middle">${x.label}</text>
<text x="4" y="${margin.top + 4}">${y.label}</text>
${each(lines, ({ color, dashed, points }) =>
  curve(
    points.map(([a, b]) => [placeX(a), placeY(b)]),
    `line ${color}${dashed ? ' dashed' : ''}`,
  ),
)}
</svg>
<ul class="legend">${each(lines, ({ name, color, dashed }) => html`<li><i class="swatch ${color}${dashed ? ' dashed' : ''}"></i>${name}</li>`)}</ul>
</figure>
`;
}

/** Marks of 1, 2 and 5 times the powers of ten that cover some values. */
export function logTicks(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0 && most < Number.POSITIVE_INFINITY)) return [];
  const decades = Array.from({ length: 24 }, (_, index) => 10 ** (index - 6));
  const all = decades.flatMap((decade) => [1, 2, 5].map((digit) => digit * decade));
  const first = all.findLastIndex((tick) => tick <= least);
  const last = all.findIndex((tick) => tick >= most);
  const covering = all.slice(Math.max(0, first), last + 1);
  // With many decades only their beginnings have room.
  return covering.length > 10 ? covering.filter((tick) => decades.includes(tick)) : covering;
}

function scale({ log, ticks }: Axis, values: readonly number[], [start, end]: [number, number]) {
  const place = (value: number) => (log ? Math.log10(value) : value);
  const all = [...ticks.map(({ value }) => value), ...values].map(place);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return (value: number) => {
    const part = most === least ? 0.5 : (place(value) - least) / (most - least);
    return start + part * (end - start);
  };
}

function gridLine(y: number, text: string): Html {
  return html`<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${round(y)}" y2="${round(y)}"></line>
<text x="${margin.left - 6}" y="${round(y + 4)}" text-anchor="end">${text}</text>
`;
}

/** One point alone would be a line without length. */
function curve(points: (readonly [number, number])[], kind: string): Html {
  const [first] = points;
  if (first && points.length === 1) {
    return html`<circle class="${kind}" cx="${round(first[0])}" cy="${round(first[1])}" r="3"></circle>`;
  }
  return html`<polyline class="${kind}" points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}"></polyline>
`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
