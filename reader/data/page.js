"use strict";
/* The page as a place to read: a window for each word, readings and translation that come and go,
   words that are known. The text is complete without any of this, and nothing here asks the network
   for anything. What a person chooses is kept in the browser, where it keeps things.

   Each word that is read is an element with `data-w`, the number of its row in the data. What all
   words show is a class of the root; what one word shows is a class of its element: `k` where no
   help is due, `l` where it is being learnt. The text is in parts: what is far is parsed, and made
   to show what is chosen, as it comes near. */

(() => {
  const root = document.documentElement, language = root.lang;
  const BLOCKS = ".sentence, p, h1, h2, h3, h4, h5, h6, li, td, th, dt, dd, blockquote, figcaption, pre";
  const STATES = ["known", "learning", "ignored"];
  const VALUES = {
    readings: ["all", "some", "tap", "none"], translation: ["shown", "hidden", "tap"],
    notation: ["pinyin", "zhuyin", "numbers", "wade-giles"], script: ["own", "simplified", "traditional"],
    tones: ["off", "first", "second"], theme: ["auto", "light", "dark"],
  };
  const PERSON = 1, NAME = 2, NUMBER = 4, DOUBTFUL = 8;
  const SPOKEN = { zhuyin: "zh-Bopo", "wade-giles": "zh-Latn-wadegile" };
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => within.querySelectorAll(selector);
  const sleep = () => new Promise((wake) => setTimeout(wake));
  let data, ui, words, main, translated, beside; // once the page has been read

  // ---- what is kept ----

  const STORE = "annotated-reader-1-";
  let keeps = true;
  const recall = (name) => {
    try {
      return JSON.parse(localStorage.getItem(STORE + name)) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(STORE + name, JSON.stringify(value));
    } catch {
      if (keeps) say(ui["no-storage"]);
      keeps = false;
    }
  };

  let chosen = recall("settings");
  const usual = { readings: root.className.slice(3), size: 0, aloud: false };
  const setting = (name) => chosen[name] ?? usual[name] ?? VALUES[name][0];

  /** The classes of the root follow what is chosen. */
  const dress = () => {
    root.className = `rd-ready py-${setting("readings")} ` +
      ["translation", "tones", "theme"].map((name) => `${name}-${setting(name)}`).join(" ");
    root.style.setProperty("--size", 1 + setting("size") / 10);
  };
  dress(); // before anything is painted

  // ---- elements ----

  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    element.append(...children.flat().filter((child) => child));
    return element;
  };
  const button = (text, onclick, properties) =>
    make("button", { type: "button", onclick, ...properties }, text);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // ---- readings ----

  /** The syllables of a row, character by character: lists of `{ sound, capital, breaks }`. */
  const syllables = (row) => row.reading.split(" ").map((text) => {
    const breaks = text[0] === "|", plain = breaks ? text.slice(1) : text;
    return (plain.toLowerCase().match(/[a-zêü]+[1-5]/g) ?? []).map((sound, at) => (
      { sound, capital: !at && /^[A-ZÊÜ]/.test(plain), breaks: !at && breaks }));
  });

  const ERHUA = "r5";
  let sounds; // by letters, or initial and final: as zhuyin and Wade-Giles have them, without a tone
  const soundOf = (letters) => sounds[letters] ??= (([, initial, final] = []) => {
    const first = sounds[`${initial}-`], last = sounds[`-${final}`];
    return first && last ? [first[0] + last[0], first[1] + last[1]] : [letters, letters];
  })(/^([zcs]h|[^aeêiouüwy])([aeêiouü].*)/.exec(letters) ?? undefined);
  /** One syllable. The mark of pinyin stands on a, e, the o of ou, or else the last vowel. */
  const written = (sound, notation) => {
    const letters = sound.slice(0, -1), tone = sound.at(-1);
    if (notation === "numbers") return sound;
    const [zhuyin, wade] = notation === "pinyin" ? [] : soundOf(letters);
    if (notation === "wade-giles") return wade + "¹²³⁴".charAt(tone - 1);
    if (notation === "zhuyin") {
      return sound === ERHUA ? zhuyin : tone === "5" ? `˙${zhuyin}` : zhuyin + " ˊˇˋ"[tone - 1].trim();
    }
    const at = [/[aeê]/, /ou/, /[iouü](?=[^iouü]*$)/, /[mn]/].map((vowel) => letters.search(vowel))
      .find((place) => place >= 0);
    return (letters.slice(0, at + 1) + "\u0304\u0301\u030c\u0300".charAt(tone - 1) +
      letters.slice(at + 1)).normalize("NFC");
  };

  /** Syllables as one reading, joined as the notation joins them. */
  const spell = (parts, notation = setting("notation")) => {
    let line = "", before = "";
    for (const { sound, capital, breaks } of parts) {
      let text = written(sound, notation);
      const letters = sound.slice(0, -1), erhua = sound === ERHUA && before;
      if (capital && notation !== "zhuyin") text = text[0].toUpperCase() + text.slice(1);
      if (notation === "zhuyin") line += (line && !erhua ? " " : "") + text;
      else if (!line || breaks) line += (line && " ") + text;
      else if (erhua && notation === "wade-giles") line = line.replace(/[¹²³⁴]?$/, "rh$&");
      else if (erhua && notation === "numbers" && !/^(e|r)\d/.test(before)) {
        line = line.replace(/\d$/, "r$&");
      } else {
        const apart = erhua ? /^e\d/.test(before) : /^([aeoê]|(h?m|h?ng|n)$)/.test(letters);
        line += (notation === "wade-giles" ? "-" : notation === "pinyin" && apart ? "'" : "") + text;
      }
      before = sound;
    }
    return line;
  };
  const readingOf = (row, notation) => spell(syllables(row).flat(), notation);

  // ---- what is known ----

  let own = {}; // by word and reading: state, date, the reading as it was written
  let levels = {}; // chosen by the person, by the name of their scheme; else the page's holds
  let level = 0, personal = false, version = 0, undo = null;
  let states = [], quiet = [], known = []; // of each row; `known` is null for what is not counted

  const today = () => new Date().toISOString().slice(0, 10);
  const normal = (reading) => reading.normalize("NFC").toLowerCase().replace(/[\s'’·-]/g, "");
  const keyOf = (row) => `${row.simplified}\t${normal(readingOf(row, "pinyin"))}`;
  // What a list has is seldom a person, but a word that is written so.
  const isName = (at) => states[at] !== "ignored" && words[at].flags & (states[at] ? PERSON : PERSON | NAME);
  const isTaught = (row) => row.rank > 0 && row.rank <= level;

  /** Decide of every row whether help is due. */
  const judge = () => {
    const listed = new Set(Object.keys(own).map((key) => key.split("\t")[0]));
    words.forEach((row, at) => {
      const { flags } = row;
      let state = row.listed;
      for (const form of [row.simplified, row.traditional].filter((each) => listed.has(each))) {
        const readings = [readingOf(row, "pinyin"), readingOf(row, "numbers"), ""];
        state = readings.map((reading) => own[`${form}\t${normal(reading)}`]?.[0]).find(Boolean) ?? state;
      }
      states[at] = state;
      const knows = state ? state === "known" || state === "ignored" : isTaught(row) && !(flags & PERSON);
      const apart = state === "ignored" ? 0 : flags & PERSON || (!state && flags & (NAME | NUMBER));
      known[at] = apart ? null : knows;
      quiet[at] = apart & NUMBER || (knows && !(flags & DOUBTFUL && state !== "ignored"));
    });
    version++;
  };

  const recallWords = () => {
    const kept = recall("words");
    own = kept.own ?? {};
    levels = kept.levels ?? {};
    level = levels[data.scheme[0]] ?? data.level;
    personal = Boolean(kept.own);
    judge();
  };

  const changed = () => {
    personal = true;
    keep("words", { own, levels });
    judge();
    near.forEach(fit);
    box.refresh?.();
  };

  /** Give rows a state, or with "" none; all their occurrences show it at once. */
  const mark = (rows, state, message) => {
    const keys = rows.map((at) => keyOf(words[at])), before = keys.map((key) => own[key]);
    const set = (key, entry) => {
      if (entry) own[key] = entry;
      else delete own[key];
    };
    rows.forEach((at, each) =>
      set(keys[each], state && [state, today(), readingOf(words[at], "pinyin")]));
    undo = () => {
      keys.forEach((key, each) => set(key, before[each]));
      undo = null;
      changed();
      say("");
    };
    changed();
    if (message) say(message, true);
  };
  const press = (at, state) => mark([at], own[keyOf(words[at])]?.[0] === state ? "" : state);

  /** All words of the paragraph that are not known and not marked are known. */
  const knowRest = (word) => {
    const rows = new Set(Array.from($$("[data-w]", word.closest(BLOCKS.slice(11))), (each) => +each.dataset.w));
    const rest = [...rows].filter((at) => !states[at] && !isName(at) && !isTaught(words[at]));
    if (rest.length) mark(rest, "known", fill(ui["marked-rest"], { n: rest.length }));
  };

  // ---- the text follows, part by part ----

  const near = new Set();
  const fitted = new WeakMap(); // what a part was last made to show

  /** Parse a part that was held back. */
  const unfold = (part) => {
    const held = part.firstElementChild;
    if (held?.localName !== "noscript") return;
    const template = make("template");
    // In a page that is read as XML it is elements already, which are not shown.
    if (held.firstElementChild) template.content.append(...held.childNodes);
    else template.innerHTML = held.textContent;
    held.replaceWith(template.content);
    if (setting("aloud")) fit(part);
  };

  /** Make the words of a part show what is chosen, some thousand at a time. */
  async function fit(part) {
    unfold(part);
    const had = fitted.get(part) ?? { version: 0, notation: data.notation, script: "own", aloud: false };
    const has = { version: personal ? version : 0, notation: setting("notation"),
      script: setting("script"), aloud: setting("aloud") };
    const differs = (...names) => names.some((name) => had[name] !== has[name]);
    if (!differs("version", "notation", "script", "aloud")) return;
    fitted.set(part, has);
    const names = new Set();
    let until = performance.now() + 30;
    for (const element of $$("[data-w]", part)) {
      const at = +element.dataset.w, row = words[at];
      if (differs("version")) {
        // A name is read to who reads it first.
        const name = isName(at);
        element.classList.toggle("k", name ? names.has(row.simplified) : quiet[at]);
        element.classList.toggle("l", states[at] === "learning");
        if (name) names.add(row.simplified);
      }
      if (differs("notation", "script")) rewrite(element, row, has);
      if (differs("aloud", "notation")) speak(element, has.aloud);
      if (performance.now() > until) {
        await sleep();
        if (fitted.get(part) !== has) return; // somebody chose again
        until = performance.now() + 30;
      }
    }
    if (differs("notation", "script")) recolour(part);
  }

  /** The text nodes of an element that are text, not readings. */
  const textNodes = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === 3 ? NodeFilter.FILTER_ACCEPT
        : node.matches("rt, rp, .added, .note") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };

  const asBuilt = new WeakMap(); // of text nodes and readings what the page came with
  const once = (node, value) => asBuilt.get(node) ?? (asBuilt.set(node, value), value);

  /** Write a word in another script or notation, character by character. */
  const rewrite = (element, row, { notation, script }) => {
    const nodes = textNodes(element), parts = nodes.map((node) => Array.from(once(node, node.data)));
    // Of a word that a link or emphasis divides this may be a part.
    const whole = parts.flat().join("");
    const full = row.text || (row.simplified.includes(whole) ? row.simplified : row.traditional);
    const letters = Array.from({ own: full, ...row }[script]), spoken = syllables(row);
    let at = Array.from(full.slice(0, Math.max(0, full.indexOf(whole)))).length;
    const places = new Map();
    nodes.forEach((node, each) => {
      const place = [at, at += parts[each].length];
      node.data = letters.slice(...place).join("");
      places.set(node, place);
    });
    if (beside) {
      const rubies = element.localName === "ruby" ? [element] : $$("ruby", element);
      rubies.forEach((each) => each.classList.toggle("zhuyin", notation === "zhuyin"));
    }
    for (const rt of $$("rt", element)) {
      const built = once(rt, [...rt.childNodes]);
      let base = rt.previousSibling;
      while (base && !places.has(base)) base = base.previousSibling;
      if (notation === data.notation || !base) rt.replaceChildren(...built);
      else rt.textContent = spell(spoken.slice(...places.get(base)).flat(), notation);
    }
  };

  /** Let screen readers have the readings of a word, or keep them from them. */
  const speak = (element, aloud) => $$("rt", element).forEach((rt) => {
    rt.toggleAttribute("inert", !aloud);
    rt.lang = SPOKEN[setting("notation")] ?? "zh-Latn-pinyin";
  });

  // ---- colours of tones: painted over the text, which stays as it is ----

  const paints = globalThis.Highlight && [1, 2, 3, 4, 5].map((tone) => {
    const paint = new Highlight();
    CSS.highlights.set(`tone${tone}`, paint);
    return paint;
  });
  const coloured = new Map(); // the ranges of each block in sight
  /** The characters of text nodes: of each its node, and where it begins and ends there. */
  const letters = (nodes) => nodes.flatMap((node) => {
    let at = 0;
    return Array.from(node.data, (letter) => [node, at, at += letter.length]);
  });
  const colour = (block) => {
    const ranges = [];
    const range = (sound, from, to) => sound && ranges.push([sound.at(-1), new StaticRange(
      { startContainer: from[0], startOffset: from[1], endContainer: to[0], endOffset: to[2] })]);
    for (const element of $$("[data-w]", block)) {
      if (element.closest(BLOCKS) !== block) continue;
      const spoken = syllables(words[element.dataset.w]), parts = spoken.flat();
      const base = letters(textNodes(element));
      if (base.length === spoken.length) {
        base.forEach((letter, at) => range(spoken[at][0]?.sound, letter, letter));
      }
      for (const rt of $$("rt", element)) {
        // The mark of a tone may have an element.
        const signs = letters([...rt.childNodes].map((node) => node.firstChild ?? node));
        const text = signs.map(([node, from, to]) => node.data.slice(from, to)).join("").toLowerCase();
        for (let at = 0; at < text.length && parts.length;) {
          const { sound } = parts.shift(), part = written(sound, setting("notation"));
          const start = text.indexOf(part, at);
          if (start < 0) break;
          range(sound, signs[start], signs[(at = start + part.length) - 1]);
        }
      }
    }
    for (const [tone, each] of ranges) paints[tone - 1].add(each);
    coloured.set(block, ranges);
  };
  const bleach = (block) => {
    for (const [tone, each] of coloured.get(block) ?? []) paints[tone - 1].delete(each);
    coloured.delete(block);
  };
  const inSight = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
    bleach(target);
    if (isIntersecting) colour(target);
  }), { rootMargin: "50% 0px" });
  const watched = new WeakSet();
  const watch = (part) => {
    if (!paints || setting("tones") === "off" || watched.has(part)) return;
    watched.add(part);
    $$(BLOCKS, part).forEach((block) => inSight.observe(block));
  };
  const recolour = (part) => [...coloured.keys()].filter((block) => part.contains(block)).forEach((block) => {
    bleach(block);
    colour(block);
  });

  // ---- from word to word ----

  let current = null; // the word where the reader is
  const follow = (from, back) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT, (node) =>
      node.dataset.w || node.localName === "noscript" ? NodeFilter.FILTER_ACCEPT
        : node.matches("rt, rp, .added") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    walker.currentNode = from;
    for (;;) {
      const next = back ? walker.previousNode() : walker.nextNode();
      if (next?.localName !== "noscript") return next;
      const part = next.parentElement;
      unfold(part);
      walker.currentNode = back ? part.nextElementSibling ?? part.parentElement.nextElementSibling : part;
    }
  };
  const followUnknown = (from, back) => {
    let word = follow(from, back);
    while (word && (quiet[word.dataset.w] || isName(word.dataset.w))) word = follow(word, back);
    return word;
  };

  /** The sentences of a block: the text of each, and its words. */
  const sentences = (block) => {
    const found = [{ text: "", inside: [] }];
    for (const node of textNodes(block)) {
      const last = found.at(-1), word = node.parentElement.closest("[data-w]");
      const stop = word ? null : /[。！？!?…][”’」』）)\s。！？!?…]*/.exec(node.data);
      const end = stop ? stop.index + stop[0].length : node.data.length;
      last.text += node.data.slice(0, end);
      if (word && last.inside.at(-1) !== word) last.inside.push(word);
      if (stop) found.push({ text: node.data.slice(end), inside: [] });
    }
    return found.filter(({ inside }) => inside.length);
  };
  const sentenceOf = (word) => {
    const all = sentences(word.closest(BLOCKS) ?? word);
    const at = all.findIndex(({ inside }) => inside.includes(word));
    return { ...all[at], before: all[at - 1], after: all[at + 1] };
  };
  const followSentence = (from, back) => {
    const { inside, before, after } = sentenceOf(from);
    if (back && inside[0] !== from) return inside[0];
    const beside = back ? before : after;
    if (beside) return beside.inside[0];
    const beyond = follow(back ? inside[0] : inside.at(-1), back);
    return beyond && sentenceOf(beyond).inside[0];
  };

  /** The text has one stop of the tab key. */
  const stand = (word) => {
    for (const name of ["tabindex", "role", "aria-haspopup"]) current?.removeAttribute(name);
    current = word;
    word.tabIndex = 0;
    if (word.closest("a")) return;
    word.setAttribute("role", "button");
    word.setAttribute("aria-haspopup", "dialog");
  };
  const goTo = (word) => {
    if (!word) return;
    if (box.open) open(word);
    else {
      stand(word);
      word.focus();
    }
  };
  /** The first word in view, or the one where the reader is if that is. */
  const inView = () => {
    const top = bar.getBoundingClientRect().bottom;
    const visible = (word) => {
      const at = word.getBoundingClientRect();
      return at.top >= top && at.bottom < innerHeight;
    };
    if (visible(current)) return current;
    const parts = [...near].filter((part) => part.getBoundingClientRect().bottom > top)
      .sort((one, other) => one.compareDocumentPosition(other) & 2 ? 1 : -1);
    for (const part of parts) {
      for (const word of $$("[data-w]", part)) if (visible(word)) return word;
    }
    return current;
  };

  // ---- the window of a word ----

  let box, bar, toast;
  const panels = {};

  /** The translation that stands by a word: of its sentence where that is known, else its block. */
  const translationOf = (word) => {
    const number = word.closest("[data-s]")?.dataset.s;
    if (number) return Array.from($$(`[data-t~="${number}"]`, word.closest(".part")), (part) => part.textContent.trim()).join(" ");
    const line = word.closest(".sentence") ?? word.closest(BLOCKS);
    let next = line?.nextElementSibling ?? line?.closest(".column")?.nextElementSibling?.firstElementChild;
    if (next?.localName === "details") next = $(".tr", next);
    const found = [];
    for (; next?.matches(".tr"); next = next.nextElementSibling) {
      if (!next.matches(".flag")) found.push(next.textContent.trim());
    }
    return found.join(" ");
  };

  let terms = null;
  /** What the glossary says of a word, where it stands or anywhere. */
  const noteOf = (word, row) => {
    terms ??= new Map(Array.from($$(".note .said, .glossary li"), (said) => [$(".term", said)?.textContent, said]));
    const hash = word.closest("a.ref")?.hash;
    const said = (hash && $(".said", document.getElementById(hash.slice(1)))) ??
      [row.text, row.traditional, row.simplified].map((form) => terms.get(form)).find(Boolean);
    if (!said) return null;
    const note = make("div", { class: "rd-note" }, [...said.cloneNode(true).childNodes]);
    $$(".back, .places", note).forEach((each) => each.remove());
    return note;
  };

  const levelName = (rank) => (data.scheme[0].startsWith("hsk") ? "HSK " : "") + data.levels[rank - 1];

  const senseList = (senses) => {
    const items = senses.map((sense) => make("li", {}, sense)), rest = items.slice(3);
    rest.forEach((item) => { item.hidden = true; });
    const more = button(`${ui.more} (${rest.length})`, () => {
      [...rest, more].forEach((each) => { each.hidden = !each.hidden; });
      box.focus();
      place();
    }, { class: "rd-more" });
    return [make("ol", { class: "rd-senses", lang: data.glosses }, items), rest.length ? more : null];
  };

  /** The characters of a word, with what they mean where the text has them as words. */
  const partsOf = (row, form, lang) => {
    const spoken = syllables(row), letters = Array.from(row.simplified), shown = Array.from(form);
    return letters.length > 1 && make("ul", { class: "rd-parts", "aria-label": ui.parts }, letters.map((letter, at) => {
      const sound = spoken[at][0]?.sound;
      const same = words.find((other) => other.simplified === letter && other.reading.toLowerCase() === sound);
      return make("li", {}, make("span", { lang }, shown[at]), " ",
        make("span", { class: "rd-sound" }, sound && written(sound, setting("notation"))),
        same?.senses[0] && make("span", { lang: data.glosses }, ` ${same.senses[0]}`));
    }));
  };

  const occurrences = (at) => $$(`[data-w="${at}"]`, main).length + Array.from($$("noscript", main),
    (held) => held.textContent.split(` data-w="${at}"`).length - 1).reduce((sum, each) => sum + each, 0);

  let lit = null;
  const light = (word) => {
    lit?.classList.remove("rd-on");
    lit = word;
    lit?.classList.add("rd-on", "rd-seen");
  };

  const open = (word) => {
    hidePanels();
    stand(word);
    light(word);
    const at = +word.dataset.w, row = words[at], { flags, rank, senses } = row;
    const forms = [row.simplified, row.traditional], shown = data.languages.indexOf(root.lang) === 1 ? 1 : 0;
    const translation = translationOf(word), note = noteOf(word, row);
    box.replaceChildren(...make("div", {},
      make("div", { class: "rd-head" },
        make("h2", { id: "rd-word", lang: data.languages[shown] }, forms[shown]),
        forms[0] !== forms[1] && make("span", { class: "rd-other", lang: data.languages[1 - shown] }, forms[1 - shown]),
        make("span", { class: "rd-reading", lang: SPOKEN[setting("notation")] ?? "zh-Latn-pinyin" }, readingOf(row)),
        button("×", close, { class: "rd-close", "aria-label": ui.close })),
      make("p", { class: "rd-facts" },
        rank && make("span", { class: "rd-level" }, levelName(rank)),
        flags & (PERSON | NAME) && /[A-Z]/.test(row.reading) && make("span", {}, ui.name),
        make("span", {}, fill(ui.count, { n: occurrences(at) })),
        flags & DOUBTFUL && make("span", {}, ui.doubtful)),
      note,
      senses.length ? senseList(senses) : !note && make("p", { class: "rd-none" }, ui["no-senses"]),
      partsOf(row, forms[shown], data.languages[shown]),
      translation && make("p", { class: "rd-translation" }, translation),
      make("div", { class: "rd-states" },
        STATES.map((state) => button(ui[state], () => press(at, state), { "data-state": state }))),
      button(ui.rest, () => knowRest(word), { class: "rd-rest" })).childNodes);
    box.refresh = () => $$("[data-state]", box).forEach((each) =>
      each.setAttribute("aria-pressed", states[at] === each.dataset.state));
    box.refresh();
    if (!box.open) {
      box.style.top = `${scrollY}px`; // in view: what is shown has the focus, and is scrolled to
      box.show();
    }
    box.scrollTop = 0;
    place();
    box.focus({ preventScroll: true });
  };

  /** Put the window under its word, or above it: where it fits, never over it. */
  const place = () => {
    const gap = 8, wide = root.clientWidth, top = bar.offsetHeight + gap;
    let at = current.getBoundingClientRect();
    const room = () => [at.top - top - gap, innerHeight - at.bottom - 2 * gap];
    if (at.top < top || at.bottom > innerHeight - gap || Math.max(...room()) < 240) {
      scrollBy(0, at.top - top - 24);
      at = current.getBoundingClientRect();
    }
    const [above, below] = room();
    box.style.maxHeight = "none";
    box.style.width = `${Math.min(416, wide - 2 * gap)}px`;
    const under = below >= box.offsetHeight || (above < box.offsetHeight && below >= above);
    box.style.maxHeight = `${under ? below : above}px`;
    const left = at.left + at.width / 2 - box.offsetWidth / 2;
    box.style.left = `${scrollX + Math.max(gap, Math.min(left, wide - box.offsetWidth - gap))}px`;
    box.style.top = `${scrollY + (under ? at.bottom + gap : at.top - gap - box.offsetHeight)}px`;
  };

  const close = () => {
    if (!box.open) return;
    const inside = box.contains(document.activeElement);
    box.close();
    light(null);
    if (inside || document.activeElement === document.body) current.focus({ preventScroll: true });
  };

  // ---- the list out and in ----

  const save = (name, lines, head = []) => {
    if (!lines.length) return say(ui["none-marked"]);
    lines.unshift(...head);
    const href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/plain;charset=utf-8" }));
    make("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 9999);
  };
  const saveKnown = () => save("known.txt", Object.entries(own).map(([key, [state, date, reading]]) =>
    [key.split("\t")[0], reading, state, date].join("\t")).sort());
  const saveAnki = () => {
    const cell = (text) => text.replace(/[&<>\t\n]/g, (sign) =>
      ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? " ");
    const lines = words.flatMap((row, at) => {
      const word = states[at] === "learning" && $(`[data-w="${at}"]`, main);
      return word ? [[row.simplified, readingOf(row, "pinyin"), row.senses.join("; "),
        sentenceOf(word).text.trim(), translationOf(word)].map(cell).join("\t")] : [];
    });
    save("anki.txt", lines, ["#separator:tab", "#html:true",
      "#columns:Word\tReading\tMeaning\tSentence\tTranslation"]);
  };

  /** Words of a list, one a line with reading and state behind tabs, or between spaces. */
  const addList = (text) => {
    const isState = (cell) => [...STATES, "unknown"].includes(cell);
    let count = 0;
    for (const line of text.split(/\r\n|\n|\r/).filter((each) => !each.startsWith("#"))) {
      const cells = line.split("\t").map((cell) => cell.trim());
      const [first, second = "", third, date] = cells;
      const reading = isState(second) ? "" : second, state = [second, third].find(isState) ?? "known";
      for (const word of cells.length > 1 ? [first] : line.split(/[\s,;]+/)) {
        if (!/\p{Script=Han}/u.test(word)) continue;
        own[`${word}\t${normal(reading)}`] = [state, date ?? today(), reading];
        count++;
      }
    }
    if (count) changed();
    say(count ? fill(ui.imported, { n: count }) : ui["imported-none"]);
  };

  // ---- bar and panels ----

  let fading = 0;
  const say = (text, undoable = false) => {
    if (!toast) return;
    toast.replaceChildren(...text ? [make("span", {}, text), undoable ? button(ui.undo, () => undo?.()) : "",
      button("×", () => say(""), { "aria-label": ui.close })] : []);
    clearTimeout(fading);
    if (text) fading = setTimeout(say, 12000, "");
  };

  const choose = (name, value) => {
    chosen = { ...chosen, [name]: value };
    keep("settings", chosen);
    settle();
  };
  /** Everything follows the settings. */
  const settle = () => {
    dress();
    const shown = data.languages[VALUES.script.indexOf(setting("script")) - 1] ?? language;
    // Set anew, even to the same, it styles the whole text anew.
    if (root.lang !== shown) root.lang = shown;
    if (beside) document.body.classList.toggle("beside", setting("notation") === "zhuyin");
    near.forEach(watch);
    if (setting("aloud")) $$(".part").forEach((part) => $("noscript", part) ?? fit(part));
    else near.forEach(fit);
    for (const input of $$("input[data-setting]", panels.settings)) {
      const value = setting(input.dataset.setting);
      input.checked = input.type === "checkbox" ? value : input.value === value;
    }
    for (const each of $$("[data-cycle]", bar)) $("small", each).textContent = ui[setting(each.dataset.cycle)];
  };
  const cycle = (name) => {
    const values = VALUES[name];
    choose(name, values[(values.indexOf(setting(name)) + 1) % values.length]);
    say(`${ui[name]}: ${ui[setting(name)]}`);
  };

  let opener = null;
  const openPanel = () => Object.values(panels).find((panel) => panel.open);
  const hidePanels = () => openPanel()?.close();
  const leave = (panel) => {
    panel.close();
    opener?.focus({ preventScroll: true });
  };
  const toggle = (name) => {
    const from = document.activeElement, panel = panels[name], wasOpen = panel.open;
    close();
    hidePanels();
    if (wasOpen) return;
    opener = from;
    if (name === "words") tell();
    panel.show();
    panel.focus({ preventScroll: true });
  };
  const makePanel = (name, ...children) => {
    panels[name] = make("dialog", { class: "rd rd-panel", tabindex: -1, "aria-labelledby": `rd-${name}`, lang: data.lang },
      make("div", { class: "rd-head" }, make("h2", { id: `rd-${name}` }, ui[name]),
        button("×", () => leave(panels[name]), { class: "rd-close", "aria-label": ui.close })), ...children);
  };
  const choice = (name, inputs) => make("fieldset", {}, make("legend", {}, ui[name]),
    make("div", { class: "rd-choice" }, inputs ?? VALUES[name].map((value) => make("label", {},
      make("input", { type: "radio", name: `rd-${name}`, value, "data-setting": name, onchange: () => choose(name, value) }),
      make("span", {}, ui[value])))));

  let slider, told, tally;
  /** How often each word stands in the text, counted once, a little at a time. */
  const count = async () => {
    const counts = new Uint32Array(words.length);
    let until = performance.now() + 30;
    for (const part of $$(".part", main)) {
      const held = $("noscript", part);
      if (held) for (const [, at] of held.textContent.matchAll(/ data-w="(\d+)"/g)) counts[at]++;
      else for (const element of $$("[data-w]", part)) counts[element.dataset.w]++;
      if (performance.now() > until) {
        await sleep();
        until = performance.now() + 30;
      }
    }
    return counts;
  };
  /** Say what level and list come to. */
  const tell = async () => {
    const name = level ? levelName(level) : ui["no-level"];
    slider.value = level;
    slider.setAttribute("aria-valuetext", name);
    const counts = await (tally ??= count());
    let some = 0, all = 0;
    counts.forEach((n, at) => {
      if (known[at] === null) return;
      all += n;
      if (known[at]) some += n;
    });
    const marked = Object.fromEntries(STATES.map((state) =>
      [state, Object.values(own).filter(([each]) => each === state).length]));
    told.replaceChildren(make("strong", {}, name), " · ",
      fill(ui.coverage, { percent: (all ? some / all * 100 : 100).toFixed(1) }), make("br"), fill(ui.marked, marked));
  };

  const KEY_NAMES = { "← →": "key-word", "Shift ← →": "key-unknown", "↑ ↓": "key-sentence", Enter: "key-open",
    "K L I": "key-mark", U: "undo", P: "key-readings", T: "key-translation", Esc: "close", "?": "help" };

  const furnish = () => {
    const cycling = (name) => button([ui[name], " ", make("small")], () => cycle(name), { "data-cycle": name });
    const opening = (text, name) => button(text, () => toggle(name),
      { "aria-haspopup": "dialog", "aria-label": ui[name], title: ui[name] });
    bar = make("nav", { class: "rd rd-bar", "aria-label": ui.toolbar, lang: data.lang },
      cycling("readings"), translated && cycling("translation"), make("span", { class: "rd-space" }),
      opening(ui.words, "words"), opening("Aa", "settings"), opening("?", "help"));
    box = make("dialog", { class: "rd rd-window", tabindex: -1, "aria-labelledby": "rd-word", lang: data.lang });
    toast = make("div", { class: "rd rd-toast", role: "status", lang: data.lang });
    const size = (by) => choose("size", Math.max(-3, Math.min(10, setting("size") + by)));
    makePanel("settings", choice("readings"), choice("notation"), data.switch && choice("script"),
      translated && choice("translation"), paints && choice("tones"), choice("theme"),
      choice("size", [button("−", () => size(-1), { "aria-label": ui.smaller }),
        button("+", () => size(1), { "aria-label": ui.larger })]),
      make("label", { class: "rd-check" }, make("input", { type: "checkbox", "data-setting": "aloud",
        onchange: ({ target }) => choose("aloud", target.checked) }), ui.aloud));
    slider = make("input", { type: "range", min: 0, max: data.levels.length, id: "rd-level", oninput: () => {
      level = levels[data.scheme[0]] = +slider.value;
      changed();
      tell();
    } });
    told = make("p", { class: "rd-told" });
    const file = make("input", { type: "file", accept: ".txt,.tsv,.csv", class: "rd-file", id: "rd-file", onchange: async () => {
      if (file.files[0]) addList(await file.files[0].text());
      file.value = "";
      tell();
    } });
    makePanel("words", make("label", { for: "rd-level", class: "rd-label" }, ui.level), slider, told,
      make("p", { class: "rd-small" }, data.scheme[1]),
      make("div", { class: "rd-states" }, button(ui.export, saveKnown), button(ui.anki, saveAnki),
        make("label", { for: "rd-file", class: "rd-button" }, ui.import, file)));
    makePanel("help", make("dl", { class: "rd-keys" }, Object.entries(KEY_NAMES).flatMap(([keys, name]) => [
      make("dt", {}, keys.split(" ").map((key) => make("kbd", {}, key))), make("dd", {}, ui[name])])));
    document.body.prepend(bar);
    document.body.append(...Object.values(panels), box, toast);
  };

  // ---- hands ----

  const ON_A_WORD = {
    arrowright: (word, shift) => goTo((shift ? followUnknown : follow)(word, false)),
    arrowleft: (word, shift) => goTo((shift ? followUnknown : follow)(word, true)),
    arrowdown: (word) => goTo(followSentence(word, false)),
    arrowup: (word) => goTo(followSentence(word, true)),
    enter: (word) => open(word),
    " ": (word) => open(word),
    k: (word) => press(+word.dataset.w, "known"),
    l: (word) => press(+word.dataset.w, "learning"),
    i: (word) => press(+word.dataset.w, "ignored"),
  };
  const ANYWHERE = {
    p: () => cycle("readings"),
    t: () => translated && cycle("translation"),
    u: () => undo?.(),
    "?": () => toggle("help"),
    escape: () => openPanel() ? leave(openPanel()) : close(),
  };

  const onKey = (event) => {
    const key = event.key.toLowerCase(), target = event.target, inBox = box.contains(target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target.localName === "input" && key !== "escape") return;
    if (ANYWHERE[key]) ANYWHERE[key]();
    else if (openPanel()) return;
    else if (target === current || (inBox && !/^(enter| )$/.test(key))) {
      if (!ON_A_WORD[key]) return;
      event.preventDefault();
      ON_A_WORD[key](current, event.shiftKey);
    } else if (target === document.body && /^arrow(left|right)$/.test(key)) {
      event.preventDefault();
      goTo(inView());
    }
  };

  const onClick = (event) => {
    const target = event.target, link = target.closest("a"), word = target.closest("[data-w]");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // What was pressed may be gone from the window by now.
    if (event.composedPath().some((node) => node.classList?.contains("rd"))) return;
    hidePanels();
    if (link?.hash && !document.getElementById(link.hash.slice(1))) showPlace(link.hash);
    if (setting("translation") === "tap") target.closest(".tr")?.classList.toggle("rd-seen");
    if (!word || (link && !link.matches(".ref")) || !getSelection().isCollapsed) close();
    else {
      event.preventDefault();
      if (box.open && word === current) close();
      else open(word);
    }
  };

  /** Parse the part that has a place which something leads to. */
  const showPlace = (hash) => {
    const held = Array.from($$("noscript", main)).find((each) => each.textContent.includes(` id="${hash.slice(1)}"`));
    if (held) unfold(held.parentElement);
  };

  /** Parse what was held back, a part at a time, while nothing else is to be done. */
  const unfoldAll = async () => {
    for (const part of $$(".far", main)) {
      if (!$("noscript", part)) continue;
      await new Promise((wake) => (globalThis.requestIdleCallback ?? setTimeout)(wake));
      unfold(part);
    }
  };

  const begin = () => {
    data = JSON.parse(document.getElementById("reader-data").textContent);
    ({ ui } = data);
    usual.notation = data.notation;
    const apart = (senses) => (typeof senses === "string" ? senses.split("/").filter(Boolean) : senses);
    words = data.words.map(([simplified, reading, senses = "", rank = 0, flags = 0, traditional, listed = "", text = ""]) => (
      { simplified, reading, senses: apart(senses), rank, flags, traditional: traditional || simplified, listed, text }));
    sounds = Object.fromEntries(data.sounds.split("\n").map((line) => line.split(" ")).map(([letters, ...other]) => [letters, other]));
    main = $("main");
    translated = $(".tr") !== null;
    beside = document.body.matches(".beside");
    recallWords();
    furnish();
    const first = $("[data-w]", main);
    if (!first) return;
    // A word that may be longer than a line is broken like any text.
    const long = words.flatMap(({ simplified }, at) => simplified.length > 9 ? `[data-w="${at}"]` : []).join();
    stand(first);
    const observer = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
      near[isIntersecting ? "add" : "delete"](target);
      if (!isIntersecting) return;
      fit(target);
      watch(target);
      if (long) $$(long, target).forEach((word) => word.classList.add("rd-long"));
      $$("a.ref", target).forEach((link) => { link.tabIndex = -1; });
    }), { rootMargin: "100% 0px" });
    $$(".part", main).forEach((part) => observer.observe(part));
    settle();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    addEventListener("resize", () => box.open && place());
    addEventListener("beforeprint", () => $$(".far", main).forEach(unfold));
    let last = 0;
    addEventListener("scroll", () => {
      bar.classList.toggle("rd-away", scrollY > last && scrollY > 200);
      last = scrollY;
    }, { passive: true });
    // Another page of this reader's, in another tab, changed the list.
    addEventListener("storage", ({ key }) => {
      if (key !== `${STORE}words`) return;
      recallWords();
      near.forEach(fit);
      box.refresh?.();
    });
    if (location.hash && !document.getElementById(location.hash.slice(1))) {
      showPlace(location.hash);
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }
    unfoldAll();
  };
  // The end of a long text has enough to do by itself.
  const ended = () => $("noscript") ? setTimeout(begin) : begin();
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ended);
  else ended();
})();
