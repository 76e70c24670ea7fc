export interface Series {
  readonly name: string;
  readonly points: readonly { readonly at: string; readonly value: number }[];
}

interface LineChartProps {
  readonly label: string;
  readonly series: readonly Series[];
  /** What is not flagged, for each series; drawn as a band. */
  readonly normal: readonly (readonly [number, number] | null)[];
  readonly dateText: (at: string) => string;
}

const width = 480;
const height = 168;
const box = { left: 36, right: 12, top: 12, bottom: 22 };

/** Round steps that give three to five lines. */
function ticksOf(low: number, high: number): number[] {
  const raw = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1000; tick += step)
    ticks.push(Math.round(tick * 1000) / 1000);
  return ticks;
}

/** Values over time, drawn to scale: the distance of two points is the time between them. */
export function LineChart({ label, series, normal, dateText }: LineChartProps) {
  const all = series.flatMap(({ points }) => points);
  const values = all.map(({ value }) => value);
  const spread = Math.max(...values) - Math.min(...values) || Math.max(...values) * 0.1 || 1;
  const [low, high] = [Math.min(...values) - spread * 0.15, Math.max(...values) + spread * 0.15];
  const times = all.map(({ at }) => Date.parse(at));
  const [begin, end] = [Math.min(...times), Math.max(...times)];
  const x = (at: string) =>
    box.left + ((Date.parse(at) - begin) / (end - begin || 1)) * (width - box.left - box.right);
  const y = (value: number) => box.top + (1 - (value - low) / (high - low)) * (height - box.top - box.bottom);
  const inside = (value: number) => Math.min(Math.max(value, low), high);
  const first = all.reduce((a, b) => (a.at <= b.at ? a : b));
  const last = all.reduce((a, b) => (a.at >= b.at ? a : b));
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      style={{ display: "block", width: "100%" }}
    >
      {normal.map((range, index) => {
        if (!range || range[1] < low || range[0] > high) return null;
        const [top, bottom] = [y(inside(range[1])), y(inside(range[0]))];
        return (
          <rect
            key={series[index]?.name}
            x={box.left}
            y={top}
            width={width - box.left - box.right}
            height={Math.max(0, bottom - top)}
            fill="var(--good)"
            opacity={0.1}
          />
        );
      })}
      {ticksOf(low, high).map((tick) => (
        <g key={tick}>
          <line
            x1={box.left}
            x2={width - box.right}
            y1={y(tick)}
            y2={y(tick)}
            stroke="var(--line)"
            strokeWidth={1}
          />
          <text x={box.left - 6} y={y(tick) + 4} textAnchor="end" fontSize={11} fill="var(--ink-soft)">
            {tick}
          </text>
        </g>
      ))}
      {series.map(({ name, points }, index) => (
        <g key={name} stroke="var(--accent)" fill="none" opacity={index === 0 ? 1 : 0.75}>
          <polyline
            points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(" ")}
            strokeWidth={2}
            strokeLinejoin="round"
            {...(index === 0 ? {} : { strokeDasharray: "5 4" })}
          />
          {points.map(({ at, value }) => (
            <circle key={at} cx={x(at)} cy={y(value)} r={3.5} fill="var(--surface)" strokeWidth={2} />
          ))}
        </g>
      ))}
      <text x={box.left} y={height - 5} fontSize={11} fill="var(--ink-soft)">
        {dateText(first.at)}
      </text>
      <text x={width - box.right} y={height - 5} textAnchor="end" fontSize={11} fill="var(--ink-soft)">
        {dateText(last.at)}
      </text>
    </svg>
  );
}
