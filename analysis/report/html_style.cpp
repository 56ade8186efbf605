#include "analysis/report/html_sections.h"

namespace haldane::analysis {

// Colours keep a contrast of at least 3 to 1 against their background, and lines differ in dashes
// too, so that nothing is said by colour alone.
std::string page_style() {
  return R"(:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --grid: #dfe3e8;
  --c1: #1f6feb; --c2: #c4500a; --c3: #1a7f4b; --c4: #8250df; --c5: #b3261e; --c6: #6e7781;
  --good: #1a7f4b; --bad: #b3261e; --warn: #8a5a00; --shade: #6e778122; --event: #c4500a22;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0f1216; --card: #181c22; --ink: #e6e9ee; --soft: #9aa4b0; --grid: #2b323b;
    --c1: #6cb2ff; --c2: #ff9d57; --c3: #57cf8f; --c4: #c297ff; --c5: #ff7b72; --c6: #9aa4b0;
    --good: #57cf8f; --bad: #ff7b72; --warn: #e3b341; --shade: #9aa4b022; --event: #ff9d5726;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 20px 16px 48px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; overflow-wrap: anywhere; }
h1:not(:first-child) { margin-top: 48px; }
h2 { font-size: 1.15rem; margin: 32px 0 10px; }
p { margin: 6px 0; }
.meta { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 16px 0; }
.tile { background: var(--card); border-radius: 8px; padding: 10px 12px; }
.tile b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .82rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px; }
figure { margin: 0; background: var(--card); border-radius: 8px; padding: 12px 12px 6px; min-width: 0; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: 4px; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; }
.grid { stroke: var(--grid); }
.axis { stroke: var(--soft); }
.tick, .label, .note { fill: var(--soft); }
.note { font-size: 11px; }
.legend { fill: var(--ink); }
.line { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
.dashed { stroke-dasharray: 5 3; }
.band { stroke: none; fill-opacity: .18; }
.c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); }
.c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); } .c6 { stroke: var(--c6); }
path.band { stroke: none; }
.band.c1 { fill: var(--c1); } .band.c2 { fill: var(--c2); } .band.c3 { fill: var(--c3); }
.warmup { fill: var(--shade); }
.event { fill: var(--event); }
.margin { stroke: var(--soft); stroke-width: 2; stroke-dasharray: 3 2; }
.interval { stroke-width: 3; stroke-linecap: round; }
.beyond { stroke: var(--bad); } .within { stroke: var(--good); }
.undecided { stroke: var(--warn); } .reported { stroke: var(--c6); }
.dot { stroke: none; }
.dot.beyond { fill: var(--bad); } .dot.within { fill: var(--good); }
.dot.undecided { fill: var(--warn); } .dot.reported { fill: var(--c6); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px 4px 0; text-align: left; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; }
td.n, th.n { text-align: right; }
tr.tier th { color: var(--ink); padding-top: 14px; }
.banner { border-left: 6px solid; border-radius: 8px; background: var(--card); padding: 12px 16px; margin: 16px 0; }
.banner b { font-size: 1.6rem; letter-spacing: .02em; }
.banner.promote { border-color: var(--good); } .banner.promote b { color: var(--good); }
.banner.rollback { border-color: var(--bad); } .banner.rollback b { color: var(--bad); }
.banner.inconclusive { border-color: var(--warn); } .banner.inconclusive b { color: var(--warn); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
ul { margin: 6px 0; padding-left: 20px; overflow-wrap: anywhere; }
code { font-size: .85em; overflow-wrap: anywhere; }
@media print { figure, .tile { break-inside: avoid; } }
)";
}

}  // namespace haldane::analysis
