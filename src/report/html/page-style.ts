import type { StageName } from '../report.ts';

/** Colours of the stages: Okabe and Ito's, told apart by colour-blind readers too (jfly.uni-koeln.de/color). */
const stageColors: Record<StageName, string> = {
  build: '#a6761d',
  form: '#0072b2',
  refresh: '#56b4e9',
  bench: '#e69f00',
  gate: '#f0e442',
  preview: '#8f8f9c',
  guard: '#5b5b66',
  up: '#009e73',
  verify: '#7fcf9f',
  soak: '#b3de69',
  rollback: '#cc79a7',
  destroy: '#d55e00',
  scale: '#009e73',
  restart: '#009e73',
  rebalance: '#009e73',
  unlock: '#009e73',
  rotate: '#009e73',
  status: '#cc79a7',
  find: '#8f8f9c',
  adopt: '#009e73',
  check: '#56b4e9',
};

const stageRules = Object.entries(stageColors).map(
  ([stage, color]) => `.stage.${stage}{background-color:${color}}`,
);

/** The style sheet of a report: light and dark by what the reader's system says, and fit for paper. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1f27;--quiet:#5c6473;--line:#dfe3ea;
--good:#14713d;--bad:#b3261e;--warn:#8a5a00;--link:#0b57d0;--good-soft:#e3f4ea;--bad-soft:#fdeceb;--warn-soft:#fff3d9;--soft:#eef0f4}
@media (prefers-color-scheme:dark){:root{--page:#12151a;--card:#1b2028;--text:#e7eaf0;--quiet:#9aa4b5;--line:#313947;
--good:#6fd39b;--bad:#ff8f86;--warn:#f0c063;--link:#8ab4f8;--good-soft:#173225;--bad-soft:#3a1d1c;--warn-soft:#372c14;--soft:#262d38}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:2rem 1.25rem 4rem}
header,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.5rem;margin-bottom:1.25rem}
header{border-left:6px solid var(--good)}
header.bad{border-left-color:var(--bad)}
.program{margin:0;color:var(--quiet)}
h1{font-size:1.7rem;line-height:1.25;margin:.1rem 0 .7rem}
h2{font-size:1.15rem;margin:0 0 .8rem}
h2 small{font-weight:400;color:var(--quiet)}
header ul,.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.4rem;margin:0;padding:0;color:var(--quiet)}
li.updated,li.unchanged{color:var(--good);font-weight:600}
li.failed{color:var(--bad);font-weight:600}
li.refused,li.rolled-back,li.drifted{color:var(--warn);font-weight:600}
.badge{display:inline-block;padding:0 .6em;border-radius:1em;font-size:.8rem;font-weight:600;line-height:1.6;background:var(--soft);color:var(--quiet);white-space:nowrap}
.badge.updated,.badge.unchanged{background:var(--good-soft);color:var(--good)}
.badge.failed{background:var(--bad-soft);color:var(--bad)}
.badge.refused,.badge.rolled-back,.badge.drifted{background:var(--warn-soft);color:var(--warn)}
.bad{color:var(--bad)}
.quiet{color:var(--quiet)}
.cluster>p{margin:.4rem 0}
.stages{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.4rem 0;padding:0;color:var(--quiet);font-size:.87rem}
a{color:var(--link)}
code,pre{font:.87em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
td code,.error code{overflow-wrap:anywhere}
.error{background:var(--bad-soft);border-left:4px solid var(--bad);border-radius:6px;padding:.7rem 1rem;margin:0 0 1rem}
main>.error{margin-bottom:1.25rem}
.error p{margin:.2rem 0}
.error pre{margin:.6rem 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:26rem;overflow:auto}
.scroll{overflow-x:auto;margin:1.1rem 0 .4rem}
section>.scroll:first-child{margin-top:0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.35rem 1.6rem .35rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
tbody tr:last-child td{border-bottom:0}
th{font-size:.8rem;font-weight:600;color:var(--quiet);white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.op{white-space:nowrap;font-weight:600}
.op.create{color:var(--good)}.op.update{color:var(--warn)}.op.replace,.op.delete{color:var(--bad)}
.timeline{display:grid;grid-template-columns:max-content 1fr max-content;gap:.45rem .9rem;align-items:center}
.who{max-width:16rem;overflow-wrap:anywhere}
.bar{display:flex;height:1.1rem;background:var(--soft);border-radius:4px;overflow:hidden}
.stage{display:block;flex:none;min-width:1px}
.stage.failed{background-image:repeating-linear-gradient(135deg,#0008 0 4px,transparent 4px 8px)}
.legend{margin-top:.9rem;font-size:.87rem}
.legend .stage{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.45em}
figure{margin:1rem 0}
figcaption{font-weight:600}
svg{width:100%;max-width:44rem;height:auto;display:block}
svg text{fill:var(--quiet);font-size:11px}
.grid{stroke:var(--line)}
.line{fill:none;stroke-width:1.8}
.line.host,.swatch.host{stroke:#0072b2;background:#0072b2}.line.overlay,.swatch.overlay{stroke:#e67800;background:#e67800}
.line.dashed{stroke-dasharray:5 4}
.swatch{display:inline-block;width:1.1em;height:.25em;margin-right:.45em;vertical-align:middle}
.swatch.dashed{opacity:.55}
.heat{width:auto}
.heat caption{white-space:nowrap}
.heat td,.heat th{padding:.4rem .8rem}
${stageRules.join('\n')}
@media print{html{font-size:11px}body{background:#fff;font-size:11px}.scroll{overflow:visible}th,td{padding-right:.9rem}main{max-width:none;padding:0}header,section{border-radius:0;break-inside:auto}tr,.error,.timeline{break-inside:avoid}
.error pre{max-height:none}.bar,.stage,.badge,.error,.heat td{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
