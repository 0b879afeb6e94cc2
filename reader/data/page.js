"use strict";
/* The page as a place to read: a window for each word, readings and translation that come and go,
   words that are known. The text is complete without any of this, and nothing here asks the network
   for anything. What a person chooses is kept in the browser, where it keeps things.

   Each word that is read is an element with `data-w`, the number of its row in the data. What all
   words show is a class of the root; what one word shows is a class of its element: `k` where no
   help is due, `l` where it is being learnt. */

(() => {
  const root = document.documentElement, language = root.lang;
  const BLOCKS = ".sentence, p, h1, h2, h3, h4, h5, h6, li, td, th, figcaption, pre";
  const READINGS = ["all", "some", "tap", "none"];
  const TRANSLATIONS = ["shown", "hidden", "tap"];
  const NOTATIONS = ["pinyin", "zhuyin", "numbers", "wade-giles"];
  const STATES = ["known", "learning", "ignored"];
  const [PERSON, NAME, DOUBTFUL] = [1, 2, 4];
  const STORE = "annotated-reader-1-";

  // ---- what is kept ----

  let keeps = true;
  const recall = (name) => {
    try {
      return JSON.parse(localStorage.getItem(STORE + name)) || {};
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

  const built = root.className.match(/py-(\w+)/)[1];
  let chosen = recall("settings");
  const setting = (name) => chosen[name] ?? { readings: built, translation: "shown", tones: "off",
    theme: "auto", size: 0, script: "own", notation: data?.notation, aloud: false }[name];

  /** The classes of the root follow what is chosen. */
  const dress = () => {
    root.className = ["readings", "translation", "tones", "theme"]
      .map((name) => `${{ readings: "py" }[name] ?? name}-${setting(name)}`).join(" ");
    root.style.setProperty("--size", 1 + setting("size") / 10);
  };
  let data, ui, words;
  dress(); // before anything is painted

  // ---- elements ----

  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  };
  const button = (text, onclick, properties) =>
    make("button", { type: "button", onclick, ...properties }, text);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // ---- readings ----

  /** The syllables of a row by character: each a list of `{ sound, capital, breaks }`. */
  const syllables = (row) => row[1].split(" ").map((written) => {
    const breaks = written.startsWith("|");
    const plain = written.replace(/^\|/, "");
    const sounds = plain.toLowerCase().match(/[a-zêü]+[1-5]/g) ?? [];
    return sounds.map((sound, at) => (
      { sound, capital: !at && plain[0] !== plain[0].toLowerCase(), breaks: breaks && !at }));
  });

  const ERHUA = "r5";
  let sounds; // by letters: zhuyin and Wade-Giles without a tone
  /** One syllable. The mark of pinyin stands on a, e, the o of ou, or else the last vowel. */
  const written = (sound, notation) => {
    const letters = sound.slice(0, -1), tone = sound.at(-1);
    const [zhuyin, wade] = sounds[letters] ?? [letters, letters];
    if (notation === "numbers") return sound;
    if (notation === "wade-giles") return wade + ["¹", "²", "³", "⁴", ""][tone - 1];
    if (notation === "zhuyin") {
      return sound === ERHUA ? zhuyin : tone === "5" ? `˙${zhuyin}` : zhuyin + " ˊˇˋ"[tone - 1].trim();
    }
    const at = [/[aeê]/, /ou/, /[iouü](?=[^iouü]*$)/, /[mn]/].map((vowel) => letters.search(vowel))
      .find((place) => place >= 0);
    return (letters.slice(0, at + 1) + ["\u0304", "\u0301", "\u030c", "\u0300", ""][tone - 1] +
      letters.slice(at + 1)).normalize("NFC");
  };

  /** Syllables as one reading, joined as the notation joins them. */
  const spell = (parts, notation) => {
    let line = "", before = "";
    for (const { sound, capital, breaks } of parts) {
      const letters = sound.slice(0, -1);
      let text = written(sound, notation);
      const first = !line || breaks;
      if (notation === "zhuyin") line += (line ? (sound === ERHUA ? "" : " ") : "") + text;
      else {
        if (capital) text = text[0].toUpperCase() + text.slice(1);
        if (first) line += (line ? " " : "") + text;
        else if (sound === ERHUA && notation === "wade-giles") {
          line = line.replace(/([¹²³⁴]?)$/, "rh$1");
        } else if (sound === ERHUA && notation === "numbers" && !/^e\d$|^$/.test(before)) {
          line = line.replace(/(\d)$/, "r$1");
        } else {
          const apart = sound === ERHUA ? before.slice(0, -1) === "e"
            : /^[aeoê]/.test(letters) || /^(m|n|ng|hm|hng)$/.test(letters);
          line += (notation === "wade-giles" ? "-" : notation === "pinyin" && apart ? "'" : "") + text;
        }
      }
      before = sound;
    }
    return line;
  };
  const readingOf = (row, notation = setting("notation")) => spell(syllables(row).flat(), notation);

  // ---- what is known ----

  let own = {}; // by word and reading: state, date, the reading as it was written
  let level = 0, personal = false, version = 0;
  let states = [], quiet = [], coverage = 0;

  const normal = (reading) => reading.normalize("NFC").toLowerCase().replace(/[\s'’·-]/g, "");
  const keyOf = (row) => `${row[0]}\t${normal(readingOf(row, "pinyin"))}`;

  /** The state that the person's list gives a row, else the one that the page was built with. */
  const listed = (row) => {
    for (const form of [row[0], row[6] || row[0]]) {
      for (const reading of [readingOf(row, "pinyin"), readingOf(row, "numbers"), ""]) {
        const found = own[`${form}\t${normal(reading)}`];
        if (found) return found[0];
      }
    }
    return row[7] ?? "";
  };

  /** Decide anew, of every row, whether help is due. */
  const judge = () => {
    let known = 0, all = 0;
    words.forEach((row, at) => {
      const [, , , count, rank, flags] = row;
      const state = states[at] = listed(row);
      const byLevel = rank ? rank <= level : false;
      const knows = state ? state === "known" || state === "ignored"
        : byLevel && !(flags & PERSON);
      quiet[at] = knows && !(flags & DOUBTFUL && state !== "ignored");
      const apart = state === "ignored" ? false : flags & PERSON || (!state && flags & NAME);
      if (!apart) {
        all += count;
        if (knows) known += count;
      }
    });
    coverage = all ? known / all : 1;
    version++;
  };
  const isName = (at) => !states[at] && (words[at][5] & (PERSON | NAME));

  let undo = null;
  const today = () => new Date().toISOString().slice(0, 10);

  /** Give rows a state, or with "" none; all their occurrences show it at once. */
  const mark = (rows, state, message) => {
    const before = rows.map((at) => [keyOf(words[at]), own[keyOf(words[at])]]);
    for (const at of rows) {
      const key = keyOf(words[at]);
      if (state) own[key] = [state, today(), readingOf(words[at], "pinyin")];
      else delete own[key];
    }
    undo = () => {
      for (const [key, old] of before) if (old) own[key] = old; else delete own[key];
      undo = null;
      changed();
      say("");
    };
    changed();
    if (message) say(message, true);
  };

  const changed = () => {
    personal = true;
    keep("words", { own, level });
    judge();
    refit();
    shown?.();
  };

  const loadWords = () => {
    const kept = recall("words");
    own = kept.own ?? {};
    level = kept.level ?? data.level;
    personal = kept.own !== undefined;
    judge();
  };

  // ---- the text follows: chapters as they come near ----

  const near = new Set();
  const fitted = new WeakMap(); // what a chapter was last made to show

  const sleep = () => new Promise((wake) => setTimeout(wake));
  const refit = () => near.forEach(fit);

  async function fit(chapter) {
    const had = fitted.get(chapter) ?? { version: 0, notation: data.notation, script: "own", aloud: false };
    const has = { version: personal ? version : 0, notation: setting("notation"),
      script: setting("script"), aloud: setting("aloud") };
    if (JSON.stringify(had) === JSON.stringify(has)) return;
    fitted.set(chapter, has);
    const seen = new Set();
    let until = performance.now() + 40;
    for (const element of chapter.querySelectorAll("[data-w]")) {
      const at = Number(element.dataset.w);
      if (has.version !== had.version && has.version) {
        const name = isName(at), again = seen.has(words[at][0]);
        element.classList.toggle("k", name ? again : quiet[at]);
        element.classList.toggle("l", states[at] === "learning");
        if (name) seen.add(words[at][0]);
      }
      if (has.notation !== had.notation || has.script !== had.script) rewrite(element, words[at], has);
      if (has.aloud !== had.aloud) speak(element, has.aloud);
      if (performance.now() > until) {
        await sleep();
        if (fitted.get(chapter) !== has) return; // somebody chose again
        until = performance.now() + 40;
      }
    }
    if (has.notation !== had.notation || has.script !== had.script) recolour(chapter);
  }

  /** The text nodes of an element that are text, not readings. */
  const textNodes = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_ALL, (node) =>
      node.nodeType === 1 && node.matches("rt, rp, .tr, .added, .note") ? NodeFilter.FILTER_REJECT
        : node.nodeType === 3 ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };

  const asWritten = new WeakMap(); // of text nodes and readings what the page came with
  const once = (node, value) => {
    if (!asWritten.has(node)) asWritten.set(node, value());
    return asWritten.get(node);
  };

  /** Write a word in another script or notation, character by character. */
  const rewrite = (element, row, { notation, script }) => {
    const nodes = textNodes(element);
    const whole = nodes.map((node) => once(node, () => node.data)).join("");
    // Of a word that a link or emphasis divides this is a part.
    const full = row[8] || (whole && row[0].includes(whole) ? row[0] : row[6] || row[0]);
    const start = Array.from(full.slice(0, Math.max(0, full.indexOf(whole)))).length;
    const form = { own: full, simplified: row[0], traditional: row[6] || row[0] }[script];
    const letters = Array.from(form), sounds = syllables(row);
    let at = start;
    const ends = new Map(); // of each text node: from and to which character
    for (const node of nodes) {
      const length = Array.from(asWritten.get(node)).length;
      node.data = letters.slice(at, at + length).join("");
      ends.set(node, [at, at += length]);
    }
    for (const rt of element.querySelectorAll("rt")) {
      const kept = once(rt, () => [...rt.childNodes]);
      let base = rt.previousSibling;
      while (base && !ends.has(base)) base = base.previousSibling;
      if (notation === data.notation || !base) rt.replaceChildren(...kept);
      else rt.textContent = spell(sounds.slice(...ends.get(base)).flat(), notation);
    }
  };

  const LANGUAGES = { pinyin: "zh-Latn-pinyin", numbers: "zh-Latn-pinyin", zhuyin: "zh-Bopo",
    "wade-giles": "zh-Latn-wadegile" };
  /** Let screen readers have the readings of a word, or keep them from them. */
  const speak = (element, aloud) => element.querySelectorAll("rt").forEach((rt) => {
    rt.toggleAttribute("inert", !aloud);
    rt.lang = LANGUAGES[setting("notation")];
  });

  // ---- colours of tones: painted over the text, which stays as it is ----

  const paints = globalThis.Highlight && CSS.highlights
    ? [1, 2, 3, 4, 5].map((tone) => {
      const paint = new Highlight();
      CSS.highlights.set(`tone${tone}`, paint);
      return paint;
    }) : null;
  const coloured = new Map(); // the ranges of each block in sight
  const colour = (block) => {
    const ranges = [];
    for (const element of block.querySelectorAll("[data-w]")) {
      const nodes = textNodes(element), sounds = syllables(words[element.dataset.w]);
      const range = (node, start, end, sound) => sound &&
        ranges.push([sound.at(-1), new StaticRange({ startContainer: node, startOffset: start,
          endContainer: node, endOffset: end })]);
      const places = nodes.flatMap((node) => {
        let start = 0;
        return Array.from(node.data, (letter) => [node, start, start += letter.length]);
      });
      if (places.length === sounds.length) {
        places.forEach((place, at) => range(...place, sounds[at][0]?.sound));
      }
      const parts = sounds.flat();
      for (const rt of element.querySelectorAll("rt")) {
        const node = rt.firstChild, text = node?.data?.toLowerCase() ?? "";
        for (let at = 0; at < text.length && parts.length;) {
          const { sound } = parts.shift(), part = written(sound, setting("notation"));
          const start = text.indexOf(part, at);
          if (start === -1) break;
          range(node, start, at = start + part.length, sound);
        }
      }
    }
    for (const [tone, range] of ranges) paints[tone - 1].add(range);
    coloured.set(block, ranges);
  };
  const bleach = (block) => {
    for (const [tone, range] of coloured.get(block) ?? []) paints[tone - 1].delete(range);
    coloured.delete(block);
  };
  const inSight = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
    bleach(target);
    if (isIntersecting) colour(target);
  }), { rootMargin: "50% 0px" });
  const watched = new WeakSet();
  const watch = (chapter) => {
    if (!paints || setting("tones") === "off") return;
    if (watched.has(chapter)) return;
    watched.add(chapter);
    chapter.querySelectorAll("p, h1, h2, h3, h4, h5, h6, figcaption").forEach((block) =>
      block.matches(".tr, .said") || inSight.observe(block));
  };
  const recolour = (chapter) => [...coloured.keys()].forEach((block) => {
    if (chapter.contains(block)) {
      bleach(block);
      colour(block);
    }
  });

  // ---- from word to word ----

  let current = null;
  const isWord = (node) => node.dataset?.w !== undefined;
  const follow = (from, back) => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_ELEMENT,
      (node) => isWord(node) ? NodeFilter.FILTER_ACCEPT
        : node.matches("rt, rp, .tr, .added") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    walker.currentNode = from;
    return back ? walker.previousNode() : walker.nextNode();
  };
  const followUnknown = (from, back) => {
    let word = follow(from, back);
    while (word && (quiet[word.dataset.w] || isName(word.dataset.w))) word = follow(word, back);
    return word;
  };

  /** The sentences of a block: the text of each, and its words. */
  const sentences = (block) => {
    const found = [{ text: "", words: [] }];
    for (const node of textNodes(block)) {
      const word = node.parentElement.closest("[data-w]");
      const last = found.at(-1);
      const stop = word ? null : /[。！？!?…][”’」』）)\s。！？!?…]*/.exec(node.data);
      if (word && !last.words.includes(word)) last.words.push(word);
      if (!stop) last.text += node.data;
      else {
        const end = stop.index + stop[0].length;
        last.text += node.data.slice(0, end);
        found.push({ text: node.data.slice(end), words: [] });
      }
    }
    return found.filter(({ words: inside }) => inside.length);
  };
  const sentenceOf = (word) => {
    const all = sentences(word.closest(BLOCKS) ?? word);
    const at = all.findIndex(({ words: inside }) => inside.includes(word));
    return { all, at, sentence: all[at] };
  };
  const followSentence = (from, back) => {
    const { all, at, sentence } = sentenceOf(from);
    if (back && sentence.words[0] !== from) return sentence.words[0];
    if (all[at + (back ? -1 : 1)]) return all[at + (back ? -1 : 1)].words[0];
    const beyond = follow(back ? sentence.words[0] : sentence.words.at(-1), back);
    return beyond && sentenceOf(beyond).sentence.words[0];
  };

  /** The text has one stop of the tab key: the word where the reader is. */
  const stand = (word) => {
    for (const name of ["tabindex", "role", "aria-haspopup"]) current?.removeAttribute(name);
    current = word;
    word.tabIndex = 0;
    if (!word.closest("a")) {
      word.setAttribute("role", "button");
      word.setAttribute("aria-haspopup", "dialog");
    }
  };
  const goTo = (word) => {
    if (!word) return;
    const wasOpen = box.open;
    stand(word);
    if (wasOpen) open(word);
    else word.focus();
  };
  const inView = () => {
    const chapters = [...near].sort((a, b) => a.compareDocumentPosition(b) & 2 ? 1 : -1);
    const top = bar.getBoundingClientRect().bottom;
    const visible = (word) => word.getBoundingClientRect().top >= top;
    if (current && visible(current) && current.getBoundingClientRect().top < innerHeight) return current;
    for (const chapter of chapters) {
      for (const word of chapter.querySelectorAll("[data-w]")) if (visible(word)) return word;
    }
    return current;
  };

  // ---- the window of a word ----

  let box, bar, toast, shown = null, panels = {};

  /** The translation that stands by a word: of its sentence where that is known, else its block. */
  const translationOf = (word) => {
    const sentence = word.closest("[data-s]");
    if (sentence) {
      const parts = document.querySelectorAll(`.tr [data-t~="${sentence.dataset.s}"]`);
      if (parts.length) return [...parts].map((part) => part.textContent.trim()).join(" ");
    }
    const found = [];
    const line = word.closest(".sentence") ?? word.closest(BLOCKS);
    let next = line?.nextElementSibling;
    if (next?.matches("details")) next = next.querySelector(".tr");
    if (!next && line) next = line.closest(".column")?.nextElementSibling?.querySelector(".tr");
    for (; next?.matches(".tr"); next = next.nextElementSibling) {
      if (!next.matches(".flag")) found.push(next.textContent.trim());
    }
    return found.join(" ");
  };

  let terms = null;
  /** What the glossary says of a word, where it stands or anywhere. */
  const noteOf = (word, row) => {
    terms ??= new Map([...document.querySelectorAll(".glossary li, .note .said")].reverse()
      .map((said) => [said.querySelector(".term")?.textContent, said]));
    const reference = word.closest("a.ref");
    const target = reference && document.getElementById(reference.hash.slice(1));
    const said = target?.querySelector(".said")
      ?? [row[8], row[6], row[0]].map((form) => terms.get(form)).find(Boolean);
    if (!said) return null;
    const note = make("div", { class: "rd-note" });
    note.append(...[...said.cloneNode(true).childNodes]
      .filter((node) => !(node.nodeType === 1 && node.matches(".back, .places"))));
    note.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    return note;
  };

  const levelName = (rank) =>
    (data.scheme[0].startsWith("hsk") ? "HSK " : "") + data.levels[rank - 1];

  const senseList = (senses) => {
    const list = make("ol", { class: "rd-senses", lang: "en" });
    const items = senses.map((sense) => make("li", {}, sense));
    list.append(...items);
    items.slice(3).forEach((item) => { item.hidden = true; });
    const more = items.length > 3 && button(`${ui.more} (${items.length - 3})`, () => {
      items.forEach((item) => { item.hidden = false; });
      more.remove();
      box.focus();
      place();
    }, { class: "rd-more" });
    return [list, more || null];
  };

  const partsOf = (row) => {
    const letters = Array.from(row[0]), sounds = syllables(row);
    if (letters.length < 2) return null;
    const list = make("ul", { class: "rd-parts", "aria-label": ui.parts });
    letters.forEach((letter, at) => {
      const reading = spell(sounds[at] ?? [], setting("notation")).toLowerCase();
      const same = words.find((other) => other[0] === letter && other[1].toLowerCase() === sounds[at]?.[0]?.sound);
      list.append(make("li", {}, make("span", { lang: data.languages[0] }, letter), " ",
        make("span", { class: "rd-sound" }, reading),
        same?.[2]?.length ? make("span", { lang: "en" }, ` ${same[2][0]}`) : null));
    });
    return list;
  };

  const open = (word) => {
    hidePanels();
    stand(word);
    document.querySelectorAll(".rd-on").forEach((other) => other.classList.remove("rd-on"));
    word.classList.add("rd-on", "rd-seen");
    const at = Number(word.dataset.w), row = words[at];
    const [simplified, , senses = [], count, rank, flags] = row;
    const traditional = row[6] || simplified;
    const forms = [simplified, traditional], languages = data.languages;
    const inText = languages.indexOf(root.lang) === 1 ? 1 : 0, other = 1 - inText;
    shown = () => {
      for (const each of box.querySelectorAll("[data-state]")) {
        each.setAttribute("aria-pressed", states[at] === each.dataset.state);
      }
    };
    const translation = translationOf(word);
    box.replaceChildren(
      make("div", { class: "rd-head" },
        make("h2", { id: "rd-word", lang: languages[inText] }, forms[inText]),
        row[6] ? make("span", { class: "rd-other", lang: languages[other] }, forms[other]) : null,
        make("span", { class: "rd-reading", lang: LANGUAGES[setting("notation")] }, readingOf(row)),
        button("×", close, { class: "rd-close", "aria-label": ui.close })),
      make("p", { class: "rd-facts" }, ...[
        rank ? make("span", { class: "rd-level" }, levelName(rank)) : null,
        flags & (PERSON | NAME) && /[A-Z]/.test(row[1]) ? make("span", {}, ui.name) : null,
        make("span", {}, fill(ui.count, { n: count })),
        flags & DOUBTFUL ? make("span", {}, ui.doubtful) : null].filter(Boolean)),
      ...[noteOf(word, row)].filter(Boolean),
      ...(senses.length ? senseList(senses) : [make("p", { class: "rd-none" }, ui["no-senses"])]).filter(Boolean),
      ...[partsOf(row)].filter(Boolean),
      ...(translation ? [make("p", { class: "rd-translation" }, translation)] : []),
      make("div", { class: "rd-states" },
        ...STATES.map((state) => button(ui[state], () => press(at, state), { "data-state": state })),
        button(ui.rest, () => knowRest(word), { class: "rd-rest" })));
    shown();
    box.hidden = false;
    if (!box.open) box.show();
    place();
    box.focus({ preventScroll: true });
  };

  /** Put the window under its word, or above it: where it fits, never over it. */
  const place = () => {
    const gap = 8, high = innerHeight, wide = root.clientWidth;
    const margin = bar.getBoundingClientRect().bottom + gap;
    let at = current.getBoundingClientRect();
    const room = () => [at.top - margin - gap, high - at.bottom - 2 * gap];
    if (at.top < margin || at.bottom > high - gap || Math.max(...room()) < 240) {
      scrollBy(0, at.top - margin - 24);
      at = current.getBoundingClientRect();
    }
    box.style.maxHeight = "none";
    box.style.width = `${Math.min(416, wide - 2 * gap)}px`;
    const [above, below] = room();
    const under = below >= Math.min(box.offsetHeight, 260) || below >= above;
    box.style.maxHeight = `${under ? below : above}px`;
    const left = at.left + at.width / 2 - box.offsetWidth / 2;
    box.style.left = `${scrollX + Math.max(gap, Math.min(left, wide - box.offsetWidth - gap))}px`;
    box.style.top = `${scrollY + (under ? at.bottom + gap : at.top - gap - box.offsetHeight)}px`;
  };

  const close = () => {
    if (!box.open) return;
    const inside = box.contains(document.activeElement);
    box.close();
    shown = null;
    document.querySelectorAll(".rd-on").forEach((other) => other.classList.remove("rd-on"));
    if (inside || document.activeElement === document.body) current.focus({ preventScroll: true });
  };

  const press = (at, state) => mark([at], own[keyOf(words[at])]?.[0] === state ? "" : state);

  /** All words of the paragraph that are not known and not marked are known. */
  const knowRest = (word) => {
    const block = word.closest("p, h1, h2, h3, h4, h5, h6, li, td, th, figcaption");
    const rows = [...new Set([...block.querySelectorAll("[data-w]")].map((each) => Number(each.dataset.w)))]
      .filter((at) => !states[at] && !isName(at) && !(words[at][4] && words[at][4] <= level));
    if (rows.length) mark(rows, "known", fill(ui["marked-rest"], { n: rows.length }));
  };

  // ---- the list out and in ----

  const save = (name, text) => {
    const href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    make("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };
  const saveKnown = () => save("known.txt", Object.entries(own)
    .map(([key, [state, date, reading]]) => [key.split("\t")[0], reading, state, date].join("\t") + "\n")
    .sort().join(""));

  const html = (text) => text.replace(/[&<>\t\n]/g, (letter) =>
    ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" }[letter] ?? " "));
  const saveAnki = () => {
    const lines = ["#separator:tab", "#html:true", "#columns:Word\tReading\tMeaning\tSentence\tTranslation"];
    words.forEach((row, at) => {
      if (states[at] !== "learning") return;
      const word = document.querySelector(`main [data-w="${at}"]`);
      lines.push([row[0], readingOf(row, "pinyin"), (row[2] ?? []).join("; "),
        sentenceOf(word).sentence.text.trim(), translationOf(word)].map(html).join("\t"));
    });
    save("anki.txt", `${lines.join("\n")}\n`);
  };

  /** Words of a list, one a line with reading and state behind tabs, or between spaces. */
  const addList = (text) => {
    let count = 0;
    for (const line of text.split(/\r\n|\n|\r/)) {
      const cells = line.split("\t").map((cell) => cell.trim());
      const listedWords = cells.length > 1 ? [cells[0]] : line.split(/[\s,;]+/);
      const second = [...STATES, "unknown"].includes(cells[1]);
      const reading = cells.length > 1 && !second ? cells[1] : "";
      const state = second ? cells[1] : [...STATES, "unknown"].includes(cells[2]) ? cells[2] : "known";
      for (const word of line.startsWith("#") ? [] : listedWords) {
        if (!/\p{Script=Han}/u.test(word)) continue;
        own[`${word}\t${normal(reading)}`] = [state, cells[3] || today(), reading];
        count++;
      }
    }
    if (count) changed();
    say(count ? fill(ui.imported, { n: count }) : ui["imported-none"]);
  };

  // ---- bar and panels ----

  let quietly = 0;
  const say = (text, undoable = false) => {
    if (!toast) return;
    toast.replaceChildren(...(text ? [make("span", {}, text),
      ...(undoable ? [button(ui.undo, () => undo?.())] : []),
      button("×", () => say(""), { "aria-label": ui.close })] : []));
    clearTimeout(quietly);
    if (text) quietly = setTimeout(() => say(""), 12000);
  };

  const choose = (name, value) => {
    chosen = { ...chosen, [name]: value };
    keep("settings", chosen);
    settle();
  };
  /** Everything follows the settings. */
  const settle = () => {
    dress();
    near.forEach(watch);
    refit();
    if (setting("aloud")) fitAll();
    root.lang = { simplified: data.languages[0], traditional: data.languages[1] }[setting("script")] ?? language;
    for (const input of document.querySelectorAll("input[data-setting]")) {
      const value = setting(input.dataset.setting);
      if (input.type === "checkbox") input.checked = value;
      else input.checked = input.value === String(value);
    }
    for (const each of bar.querySelectorAll("[data-cycle]")) {
      each.querySelector("small").textContent = ui[setting(each.dataset.cycle)];
    }
  };
  const fitAll = async () => {
    for (const chapter of document.querySelectorAll(".chapter")) {
      await fit(chapter);
      await sleep();
    }
  };

  const cycle = (name, values) => {
    choose(name, values[(values.indexOf(setting(name)) + 1) % values.length]);
    say(`${ui[name]}: ${ui[setting(name)]}`);
  };

  const choice = (name, values) => make("fieldset", {}, make("legend", {}, ui[name]),
    make("div", { class: "rd-choice" }, ...values.map((value) => make("label", {},
      make("input", { type: "radio", name: `rd-${name}`, value, "data-setting": name,
        onchange: () => choose(name, value) }),
      make("span", {}, ui[value])))));

  const hidePanels = () => Object.values(panels).forEach((panel) => panel.open && panel.close());
  const panel = (name, title, ...children) => {
    const element = panels[name] = make("dialog", { class: "rd rd-panel", tabindex: "-1",
      "aria-labelledby": `rd-${name}` },
    make("div", { class: "rd-head" }, make("h2", { id: `rd-${name}` }, title),
      button("×", () => leave(element), { class: "rd-close", "aria-label": ui.close })), ...children);
    return element;
  };
  let opener = null;
  const leave = (element) => {
    element.close();
    opener?.focus({ preventScroll: true });
  };
  const toggle = (name, from) => {
    const element = panels[name], wasOpen = element.open;
    close();
    hidePanels();
    if (wasOpen) return;
    opener = from;
    if (name === "words") counted();
    element.show();
    element.focus({ preventScroll: true });
  };

  let slider, told;
  const counted = () => {
    slider.value = level;
    const name = level ? levelName(level) : ui["no-level"];
    slider.setAttribute("aria-valuetext", name);
    const marked = Object.fromEntries(STATES.map((state) =>
      [state, Object.values(own).filter(([each]) => each === state).length]));
    told.replaceChildren(make("strong", {}, name), " · ",
      fill(ui.coverage, { percent: (coverage * 100).toFixed(1) }), make("br"),
      fill(ui.marked, marked));
  };

  const furnish = () => {
    const translated = document.querySelector(".tr");
    const tool = (text, name, properties, values) => button("", values ? () => cycle(name, values)
      : (event) => toggle(name, event.currentTarget), properties);
    const cycling = (name, values) => {
      const each = tool("", name, { "data-cycle": name }, values);
      each.append(ui[name], " ", make("small"));
      return each;
    };
    const opening = (text, name, label) => button(text, (event) => toggle(name, event.currentTarget),
      { "aria-haspopup": "dialog", "aria-label": label, title: label });
    bar = make("nav", { class: "rd rd-bar", "aria-label": ui.toolbar, lang: data.lang },
      cycling("readings", READINGS),
      translated ? cycling("translation", TRANSLATIONS) : null,
      make("span", { class: "rd-space" }),
      opening(ui.words, "words", ui.words),
      opening("Aa", "settings", ui.settings),
      opening("?", "help", ui.help));
    box = make("dialog", { class: "rd rd-window", tabindex: "-1", "aria-labelledby": "rd-word", lang: data.lang });
    toast = make("div", { class: "rd rd-toast", role: "status", lang: data.lang });
    const size = (by) => choose("size", Math.max(-3, Math.min(10, setting("size") + by)));
    panel("settings", ui.settings,
      choice("readings", READINGS),
      choice("notation", NOTATIONS),
      data.switch ? choice("script", ["own", "simplified", "traditional"]) : null,
      translated ? choice("translation", TRANSLATIONS) : null,
      paints ? choice("tones", ["off", "first", "second"]) : null,
      choice("theme", ["auto", "light", "dark"]),
      make("fieldset", {}, make("legend", {}, ui.size), make("div", { class: "rd-choice" },
        button("−", () => size(-1), { "aria-label": ui.smaller }),
        button("+", () => size(1), { "aria-label": ui.larger }))),
      make("label", { class: "rd-check" }, make("input", { type: "checkbox", "data-setting": "aloud",
        onchange: (event) => choose("aloud", event.target.checked) }), ui.aloud));
    slider = make("input", { type: "range", min: 0, max: data.levels.length, id: "rd-level",
      oninput: () => {
        level = Number(slider.value);
        changed();
        counted();
      } });
    told = make("p", { class: "rd-told" });
    const file = make("input", { type: "file", accept: ".txt,.tsv,.csv", class: "rd-file", id: "rd-file",
      onchange: async () => {
        if (file.files[0]) addList(await file.files[0].text());
        file.value = "";
        counted();
      } });
    panel("words", ui.words,
      make("label", { for: "rd-level", class: "rd-label" }, ui.level), slider, told,
      make("p", { class: "rd-small" }, data.scheme[1]),
      make("div", { class: "rd-states" }, button(ui.export, saveKnown), button(ui.anki, saveAnki),
        make("label", { for: "rd-file", class: "rd-button" }, ui.import, file)));
    const KEYS = [["← →", "word"], ["Shift ← →", "unknown"], ["↑ ↓", "sentence"], ["Enter", "open"],
      ["K L I", "mark"], ["U", "undo"], ["P", "readings"], ["T", "translation"], ["Esc", "close"], ["?", "help"]];
    panel("help", ui.help, make("dl", { class: "rd-keys" }, ...KEYS.flatMap(([keys, name]) => [
      make("dt", {}, ...keys.split(" ").map((key) => make("kbd", {}, key))),
      make("dd", {}, ui[`key-${name}`] ?? ui[name])])));
    Object.values(panels).forEach((element) => { element.lang = data.lang; });
    document.body.prepend(bar);
    document.body.append(...Object.values(panels), box, toast);
    document.body.classList.add("rd-ready");
  };

  // ---- hands ----

  const KEYS = {
    ArrowRight: (word, shift) => goTo((shift ? followUnknown : follow)(word, false)),
    ArrowLeft: (word, shift) => goTo((shift ? followUnknown : follow)(word, true)),
    ArrowDown: (word) => goTo(followSentence(word, false)),
    ArrowUp: (word) => goTo(followSentence(word, true)),
    Enter: (word) => open(word),
    " ": (word) => open(word),
    k: (word) => press(Number(word.dataset.w), "known"),
    l: (word) => press(Number(word.dataset.w), "learning"),
    i: (word) => press(Number(word.dataset.w), "ignored"),
  };
  const ANYWHERE = {
    p: () => cycle("readings", READINGS),
    t: () => document.querySelector(".tr") && cycle("translation", TRANSLATIONS),
    u: () => undo?.(),
    "?": () => toggle("help", document.activeElement),
    Escape: () => {
      const panelOpen = Object.values(panels).find((element) => element.open);
      if (panelOpen) leave(panelOpen);
      else close();
    },
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const target = event.target;
    if (target.matches?.("input, select, textarea") && key !== "Escape") return;
    if (ANYWHERE[key]) {
      ANYWHERE[key]();
      return;
    }
    const onWord = target === current, inBox = box.contains(target);
    if (Object.values(panels).some((element) => element.open)) return;
    if (onWord || (inBox && !/^(Enter| )$/.test(key))) {
      if (!KEYS[key]) return;
      event.preventDefault();
      KEYS[key](current, event.shiftKey);
    } else if (target === document.body && /^Arrow(Left|Right)$/.test(key)) {
      event.preventDefault();
      goTo(inView());
    }
  };

  const onClick = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target;
    // What was pressed may be gone from the window by now.
    if (event.composedPath().some((node) => node.classList?.contains("rd"))) return;
    hidePanels();
    if (setting("translation") === "tap") target.closest(".tr")?.classList.toggle("rd-seen");
    const word = target.closest("[data-w]"), link = target.closest("a");
    if (!word || (link && !link.matches(".ref")) || !getSelection().isCollapsed) {
      close();
      return;
    }
    event.preventDefault();
    if (box.open && word === current) close();
    else open(word);
  };

  const begin = () => {
    data = JSON.parse(document.getElementById("reader-data").textContent);
    ({ ui, words } = data);
    sounds = Object.fromEntries(data.sounds.split("\n").map((line) => {
      const [letters, ...others] = line.split(" ");
      return [letters, others];
    }));
    loadWords();
    furnish();
    const first = document.querySelector("main [data-w]");
    if (first) stand(first);
    const observer = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
      if (!isIntersecting) {
        near.delete(target);
        return;
      }
      near.add(target);
      target.querySelectorAll("a.ref").forEach((link) => { link.tabIndex = -1; });
      fit(target);
      watch(target);
    }), { rootMargin: "100% 0px" });
    document.querySelectorAll(".chapter").forEach((chapter) => observer.observe(chapter));
    settle();
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    addEventListener("resize", () => box.open && place());
    let last = 0;
    addEventListener("scroll", () => {
      bar.classList.toggle("rd-away", scrollY > last && scrollY > 200);
      last = scrollY;
    }, { passive: true });
    // Another page of the same reader's, in another tab, changed the list.
    addEventListener("storage", ({ key }) => {
      if (key !== `${STORE}words`) return;
      loadWords();
      refit();
      shown?.();
    });
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
