"use strict";
// The local page: it asks its own server, and draws what comes. Texts of strangers are only ever put
// into the page as text.

const $ = (id) => document.getElementById(id);
const state = { text: null, options: {}, rows: [], offered: [], doubts: [], pairs: [], turn: 0, view: "page", kept: true, part: "" };

/** The options that everybody asks for, in their order; the others are folded. */
const COMMON = ["script", "notation", "pinyin", "ruby", "gloss", "layout", "standard", "region", "notes", "sandhi"];
/** Those that have a place of their own. */
const ELSEWHERE = ["level", "scheme"];
const NAMES = {
  script: "Script", notation: "Notation", pinyin: "Readings over", ruby: "A reading to each", layout: "Translation",
  standard: "Readings of", region: "Traditional of", notes: "Glossary notes", sandhi: "Tones as spoken", gloss: "Meanings",
};
/** Values whose own names say too little here. */
const VALUES = {
  "as-is": "as in the text", prc: "the mainland", taiwan: "Taiwan", tw: "Taiwan", hk: "Hong Kong", popup: "in a window",
  end: "at the end", word: "word", char: "character", all: "all words", unknown: "unknown words", first: "first unknown use",
  hard: "hard words", notes: "terms with notes",
};
const TARGETS = [
  [".epub", "EPUB", "for an e-reader"],
  [".html", "Web page", "one file, works from a USB stick"],
  [".tsv", "Words for Anki", "text that Anki imports"],
  [".apkg", "Anki deck", ""],
  [".txt", "Words for Pleco", ""],
  ["pack", "Teacher's pack", "sheets and keys, to print"],
  [".xml", "TEI", "annotated XML"],
  [".json", "JSON", "for programs"],
  ["settled.csv", "Glossary rows", "what you decided"],
  ["pairs.tsv", "Pairs", "the translation lined up"],
];
const SAMPLE = "市場裡的銀行\n\n這家銀行的行長是重慶人，他還了三本書，又借了一本。小安說：「頭髮長長了，該剪了。」\n\n" +
  "下午開會的時候，她只說了一句：「我們得重新算一遍。」大家都覺得有道理。";

// ---- the server ----

async function ask(path, body, method = "POST") {
  const raw = body instanceof Blob || typeof body === "string" || body === undefined;
  const answer = await fetch(path, { method, body: raw ? body : JSON.stringify(body) }).catch(() => null);
  if (!answer) throw new Error("The command has ended: start `reader serve` again.");
  const value = await answer.json().catch(() => ({ error: `The server answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(WANTING.test(value.error) ? FOR_WHOM : value.error);
  return value;
}
const WANTING = / wants --level or --known\.$/;
const FOR_WHOM = "Which words are unknown depends on who reads: choose a level, or add a list of known words, under “For whom”.";
const of = (what) => `texts/${state.text.id}/${what}`;
const question = (more = {}) => ({ options: state.options, rows: state.rows, ...more });

function say(message) {
  $("said").textContent = message || "";
  clearTimeout(say.timer);
  if (message) say.timer = setTimeout(() => say(""), 9000);
}
const trying = (work) => async (...given) => {
  try {
    return await work(...given);
  } catch (error) {
    say(error.message);
  }
};

/** An element: make("p", {class: "x"}, "text", child …). */
function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...content.filter((each) => each != null));
  return element;
}

// ---- a text ----

const open = trying(async (body, name) => {
  document.body.setAttribute("aria-busy", "true");
  const waiting = setTimeout(say, 400, `Reading ${name} …`);
  try {
    shown(await ask(`texts?name=${encodeURIComponent(name)}`, body));
  } finally {
    clearTimeout(waiting);
    document.body.removeAttribute("aria-busy");
  }
});

function shown(text) {
  state.text = text;
  state.rows = [];
  state.kept = true;
  state.pairs = [];
  $("start").hidden = true;
  $("work").hidden = $("again").hidden = $("downloads").hidden = false;
  document.body.classList.remove("empty");
  $("title").textContent = text.title || text.name;
  drawTargets();
  document.title = `${text.title || text.name} – reader`;
  for (const id of ["translation-name", "known-names"]) $(id).textContent = "";
  $("pair-list").replaceChildren();
  say(text.warnings.slice(0, 2).join(" "));
  view(window.matchMedia("(min-width: 62rem)").matches ? "doubts" : "page");
  changed();
}

/** Something was chosen: all that hangs on it is made again. */
function changed() {
  clearTimeout(changed.timer);
  $("preview").classList.add("stale");
  changed.timer = setTimeout(() => refresh().catch(({ message }) => { $("notice").textContent = message; say(message); }), 80);
  drawRows();
}

async function refresh() {
  const turn = ++state.turn;
  const page = await ask(of("preview"), question());
  if (turn !== state.turn) return;
  const frame = $("preview");
  const at = frame.contentWindow?.scrollY || 0;
  frame.onload = () => {
    frame.classList.remove("stale");
    frame.contentWindow.scrollTo(0, at);
  };
  frame.src = of(`preview/${page.page}`);
  $("command-line").textContent = page.command;
  state.part = page.whole ? "" : "The beginning of the text; what you download has all of it. ";
  $("notice").textContent = state.part + page.warnings.slice(0, 3).join(" ") || `Made in ${page.milliseconds} ms.`;
  const found = await ask(of("doubts"), question());
  if (turn !== state.turn) return;
  state.doubts = found.doubts;
  drawDoubts();
  if (state.view === "level") await measure(turn);
}

// ---- doubts ----

function drawDoubts() {
  const slips = state.doubts.filter((doubt) => doubt.kind === "correction");
  const asked = state.doubts.filter((doubt) => doubt.kind !== "correction");
  document.querySelector('[data-view="doubts"] .count').textContent = state.doubts.length || "";
  $("doubts-note").textContent = asked.length
    ? `What may be read, cut or named wrongly${state.part && " in the beginning of the text"}, most doubtful first. A choice holds for every place of the same kind.`
    : "No reading, name or cut is doubted. What is rarely wrong is not listed.";
  const had = document.activeElement?.closest?.(".doubt");
  const at = had ? [...$("doubt-list").children].indexOf(had) : -1;
  $("doubt-list").replaceChildren(...asked.map(drawDoubt));
  // No row of a glossary changes what is written.
  $("slips").hidden = !slips.length;
  $("slip-list").replaceChildren(...slips.map(drawSlip));
  if (at >= 0) $("doubt-list").children[Math.min(at, asked.length - 1)]?.querySelector(".answers button")?.focus();
}

function drawDoubt(doubt) {
  const times = doubt.count > 1 ? ` · ${doubt.count} places` : "";
  const what = { reading: "reading", name: "name or not", cut: "where words end" }[doubt.kind];
  const answers = doubt.answers.map(({ answer, senses, row }, number) =>
    make("button", {
      type: "button", class: number ? null : "chosen", disabled: !row,
      onclick: () => decide(row),
    }, make("span", { lang: doubt.kind === "cut" ? "zh" : "zh-Latn-pinyin" }, answer || "no reading"),
    make("small", {}, senses.join("; ") || (number ? "" : "as it is"))));
  const input = make("input", { "aria-label": `Another answer for ${doubt.text}`, value: doubt.answers[0].answer, autocomplete: "off" });
  const other = make("form", {
    onsubmit: trying(async (event) => {
      event.preventDefault();
      const which = { kind: doubt.kind, block: doubt.block, start: doubt.start };
      decide((await ask(of("settle"), question({ doubt: which, answer: input.value }))).row);
    }),
  }, input, make("button", { type: "submit" }, "Use"));
  return make("li", { class: "doubt" }, drawSentence(doubt),
    make("p", { class: "meta" }, make("span", {}, `${what} · ${Math.round(100 * doubt.probability)} % sure${times}`), drawShow(doubt)),
    make("div", { class: "answers", role: "group", "aria-label": `${doubt.text}: ${what}` }, ...answers),
    make("details", {}, make("summary", {}, "something else"), other));
}

/** A likely slip of the source, which is corrected with all others, or left. */
function drawSlip(doubt) {
  const times = doubt.count > 1 ? ` · ${doubt.count} places` : "";
  return make("li", { class: "doubt" }, drawSentence(doubt),
    make("p", { class: "meta" }, make("span", {}, doubt.reason + times), drawShow(doubt)));
}

const drawSentence = ({ sentence, at: [start, end] }) => make("p", { class: "sentence", lang: "zh" },
  sentence.slice(0, start), make("mark", {}, sentence.slice(start, end)), sentence.slice(end));
const drawShow = (doubt) => make("button", { type: "button", class: "show", onclick: () => find(doubt) }, "show in the page");

$("repair").addEventListener("click", () => {
  $("option-repair").click();
  say("They are corrected. The option “Repair” takes it back.");
});

/** Keep a row: it settles its term wherever that stands. */
function decide(row) {
  state.kept = false;
  state.rows = withRow(row);
  changed();
}
const withRow = (row) => [...state.rows.filter((each) => each.term !== row.term), row];

/** Whether what was decided may go: it is nowhere else until something is downloaded. */
const mayGo = () => state.kept || !state.rows.length ||
  confirm("What you decided of this text has not been downloaded. Go on without it?");
addEventListener("beforeunload", (event) => { if (!state.kept && state.rows.length) event.preventDefault(); });

/** Show a doubt's place in the preview. */
function find(doubt) {
  view("page", true);
  const frame = $("preview").contentWindow;
  frame.getSelection().removeAllRanges();
  const [start, end] = doubt.at;
  const around = doubt.sentence.slice(Math.max(0, start - 4), end + 4);
  if (!frame.find(around, true, false, true)) frame.find(doubt.text, true, false, true);
}

// ---- glossary rows ----

function drawRows() {
  document.querySelector('[data-view="glossary"] .count').textContent = state.rows.length || "";
  $("row-list").replaceChildren(...state.rows.map((row) =>
    make("li", {}, make("span", { lang: "zh" }, row.words || row.term), make("span", { lang: "zh-Latn-pinyin" }, row.pinyin || ""),
      make("span", { class: "aside" }, row.gloss || ""),
      make("button", {
        type: "button", class: "quiet", "aria-label": `Take back ${row.term}`,
        onclick: () => { state.rows = state.rows.filter((each) => each !== row); changed(); },
      }, "take back"))));
}

$("row-form").addEventListener("submit", trying(async (event) => {
  event.preventDefault();
  const [words, pinyin, gloss] = ["row-words", "row-pinyin", "row-gloss"].map((id) => $(id).value.trim());
  const row = { term: words.replaceAll("|", ""), words, pinyin, gloss };
  await ask(of("rows"), question({ rows: withRow(row) }));
  decide(row);
  $("row-form").reset();
  $("row-words").focus();
}));

// ---- for whom ----

async function measure(turn = state.turn) {
  const found = await ask(of("levels"), question());
  if (turn !== state.turn) return;
  const text = found.texts[0];
  const percent = (share) => (share == null ? "–" : `${(100 * share).toFixed(1)} %`);
  const select = $("for-level");
  if (select.options.length !== found.scheme.levels.length + 1) {
    select.replaceChildren(select.options[0], ...found.scheme.levels.map((level) => make("option", { value: level }, level)));
    select.value = state.options.level || "";
  }
  const rows = text.levels.map((row) => make("tr", {},
    make("th", { scope: "row" }, row.level || "off the list"), make("td", {}, row.tokens),
    make("td", {}, percent(row.known?.strict)), make("td", {}, percent(row.known?.with_parts))));
  const known = text.known || {};
  const who = state.options.level || state.text.known ? `level ${state.options.level || "of the list"}` : null;
  $("coverage").replaceChildren(
    make("p", { class: "verdict" }, who
      ? `Who is at ${who} knows ${percent(known.strict)} of the words, ${percent(known.with_parts)} with compounds that are clear from their parts.`
      : `${text.tokens} words, ${text.types} different.`, state.part && " Counted in the beginning of the text."),
    make("p", { class: "aside" }, `98 % reads alone, 95 % with help. ${found.scheme.title}. ${text.note || ""}`),
    make("table", {}, make("thead", {}, make("tr", {}, ...["Level", "Words", "Known", "With parts"].map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows)),
    make("h3", {}, "To teach first"),
    make("ol", {}, ...found.teach.map((word) => make("li", {}, make("span", { lang: "zh" }, word.word),
      make("span", { lang: "zh-Latn-pinyin" }, word.reading), make("span", {}, `×${word.count} → ${percent(word.known)}`)))));
}

$("for-level").addEventListener("change", () => { state.options.level = $("for-level").value; changed(); });
$("for-scheme").addEventListener("change", () => {
  state.options.scheme = $("for-scheme").value;
  state.options.level = "";
  $("for-level").replaceChildren($("for-level").options[0]);
  changed();
});
$("known").addEventListener("change", trying(async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  const { name } = await ask(`${of("files/known")}?name=${encodeURIComponent(file.name)}`, file, "PUT");
  state.text.known = true;
  $("known-names").textContent += `${name} `;
  changed();
}));

// ---- the translation ----

const beside = trying(async (body, name) => {
  const pairs = of("files/pairs");
  const kept = await ask(`${of("files/translation")}?name=${encodeURIComponent(name)}`, body, "PUT");
  await ask(pairs, undefined, "DELETE");
  $("translation-name").textContent = kept.name;
  await pair();
  changed();
});

async function pair(pairs) {
  state.pairs = (await ask(of("pairs"), question(pairs ? { pairs } : {}))).pairs;
  $("pair-list").replaceChildren(...state.pairs.map(drawPair));
}

function drawPair({ source, target, score }, number) {
  const low = score != null && score < 0.5;
  const move = (by, label, sign) => make("button", {
    type: "button", class: "quiet", disabled: !target.length || !state.pairs[number + by], "aria-label": label, title: label,
    onclick: trying(() => moved(number, by)),
  }, sign);
  return make("li", { class: low ? "low" : null },
    make("p", { lang: "zh" }, source.join("") || "–"), make("p", { lang: "en" }, target.join(" ") || "–"),
    make("p", { class: "tools" }, score == null ? "no partner" : `${Math.round(100 * score)} %`,
      move(-1, "First sentence of the translation to the pair above", "↑"),
      move(1, "Last sentence of the translation to the pair below", "↓")));
}

/** Move a sentence of the translation to a neighbour; what a person moved is certain. */
async function moved(number, by) {
  const pairs = state.pairs.map((each) => ({ ...each, target: [...each.target] }));
  const [from, to] = [pairs[number], pairs[number + by]];
  if (by < 0) to.target.push(from.target.shift());
  else to.target.unshift(from.target.pop());
  from.score = from.target.length && from.source.length ? 1 : null;
  to.score = to.source.length ? 1 : null;
  await pair(pairs.filter((each) => each.source.length || each.target.length));
  changed();
}

$("translation-form").addEventListener("submit", (event) => {
  event.preventDefault();
  beside($("english").value, `${stem()}.en.txt`);
});
$("translation-file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) beside(file, file.name);
});

// ---- options ----

function drawOptions() {
  const offered = state.offered.filter((option) => !ELSEWHERE.includes(option.name));
  const rank = (option) => COMMON.indexOf(option.name);
  const common = offered.filter((option) => rank(option) >= 0).sort((one, other) => rank(one) - rank(other));
  const rest = offered.filter((option) => rank(option) < 0);
  $("choices").replaceChildren(...common.map(drawOption),
    make("details", {}, make("summary", {}, "More options"), ...rest.map(drawOption)));
}

function drawOption({ name, kind, values, default: usual, help }) {
  const id = `option-${name}`;
  const label = NAMES[name] || (name[0].toUpperCase() + name.slice(1)).replaceAll("_", " ");
  const set = (value) => {
    if (value === "" || value === false || value === usual) delete state.options[name];
    else state.options[name] = value;
    if (state.text) changed();
  };
  if (kind === "flag") {
    const box = make("input", { type: "checkbox", id, onchange: () => set(box.checked) });
    return make("label", { class: "check", for: id }, box, make("span", {}, label, make("small", {}, help)));
  }
  const field = kind === "choice"
    ? make("select", { id, onchange: () => set(field.value) },
      ...(usual == null ? [make("option", { value: "" }, "automatic")] : []),
      ...values.map((value) => make("option", { value, selected: value === usual }, VALUES[value] || value.replaceAll("-", " "))))
    : make("input", { id, type: kind === "number" ? "number" : "text", autocomplete: "off", placeholder: usual ?? "", onchange: () => set(field.value.trim()) });
  return make("div", {}, make("label", { for: id }, label), field, COMMON.includes(name) ? null : make("small", {}, help));
}

// ---- downloads ----

const stem = () => state.text.name.replace(/\.[^.]*$/, "");

function drawTargets() {
  const own = state.text.name.match(/\.(srt|vtt|ass)$/i)?.[0].toLowerCase();
  const targets = own ? [[own, "Subtitles", "with readings, at their times"], ...TARGETS] : TARGETS;
  $("targets").replaceChildren(...targets.map(([suffix, name, help]) => make("li", {},
    make("button", { type: "button", onclick: trying(() => download(suffix)) }, name, help ? make("small", {}, help) : null))));
}

async function download(suffix) {
  $("downloads").open = false;
  if (suffix === "settled.csv" && !state.rows.length) return say("Nothing was decided yet.");
  if (suffix === "pairs.tsv" && !state.pairs.length) return say("There is no translation yet.");
  const { text } = state, files = of("files"), outputs = of("outputs");
  let name = suffix;
  if (suffix.startsWith(".") || suffix === "pack") {
    name = suffix.startsWith(".") ? stem() + suffix : suffix;
    // The command that is shown must not take the text for its output.
    if (name.toLowerCase() === text.name.toLowerCase()) name = `${stem()}-${suffix === ".txt" ? "words" : "annotated"}${suffix}`;
    const { job, command } = await ask(outputs, question({ target: name }));
    $("command-line").textContent = command;
    for (let waited = 60; ; waited = Math.min(500, waited * 1.3)) {
      const { state: done, message, done: sofar, total } = await ask(`${outputs}/${job}`, undefined, "GET");
      if (state.text !== text) return;
      if (done === "failed") throw new Error(message);
      if (done === "done") break;
      const percent = Math.floor((100 * sofar) / (total || text.characters));
      $("notice").textContent = sofar ? `Making ${name}: ${Math.min(99, percent)} %` : `Making ${name} …`;
      await new Promise((resume) => setTimeout(resume, waited));
    }
    $("notice").textContent = `${name} is made.`;
  }
  state.kept = true;
  make("a", { href: `${files}/${encodeURIComponent(name)}`, download: "" }).click();
}

/** Nobody waits any more for what is being made of the text. */
const leave = () => state.text && navigator.sendBeacon(of("leave"));
addEventListener("pagehide", leave);

// ---- views, files, keys ----

function view(name, passing = false) {
  state.view = passing ? state.view : name;
  $("work").dataset.view = name;
  const wide = window.matchMedia("(min-width: 62rem)").matches;
  const shownNow = passing && wide ? state.view : name;
  for (const button of document.querySelectorAll("#views button")) {
    button.setAttribute("aria-pressed", button.dataset.view === shownNow);
    if (button.dataset.view === shownNow) button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  if (["doubts", "level", "translation", "glossary"].includes(shownNow))
    for (const id of ["doubts", "level", "translation", "glossary"]) $(id).hidden = id !== shownNow;
  if (name === "level" && state.text) trying(measure)();
}

$("views").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) view(button.dataset.view);
});
$("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("text").value.trim()) open($("text").value, "text.txt");
  else { say("There is no text yet."); $("text").focus(); }
});
$("sample").addEventListener("click", () => { $("text").value = SAMPLE; $("text").focus(); });
$("file").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) open(file, file.name);
});
$("again").addEventListener("click", () => {
  if (!mayGo()) return;
  leave();
  state.text = null;
  state.rows = [];
  state.turn += 1;
  $("work").hidden = $("again").hidden = $("downloads").hidden = true;
  $("start").hidden = false;
  $("title").textContent = "";
  document.title = "reader";
  document.body.classList.add("empty");
  $("text").focus();
});
$("copy").addEventListener("click", trying(async () => {
  await navigator.clipboard.writeText($("command-line").textContent);
  say("Copied.");
}));

let dragged = 0;
addEventListener("dragenter", () => { dragged += 1; $("drop").hidden = false; });
addEventListener("dragleave", () => { dragged -= 1; $("drop").hidden = dragged <= 0; });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  dragged = 0;
  $("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  if (!file) return;
  if (state.text && state.view === "translation") beside(file, file.name);
  else if (mayGo()) open(file, file.name);
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && $("downloads").open) {
    $("downloads").open = false;
    $("downloads").querySelector("summary").focus();
  }
});

trying(async () => {
  const { options, first } = await ask("options", undefined, "GET");
  state.offered = options;
  drawOptions();
  if (first) shown(await ask("texts/first"));
})();
