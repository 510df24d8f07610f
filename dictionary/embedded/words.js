// Words of the criminal justice dictionary, marked and explained on a page of your own.
//
// Sets no cookie, needs nothing else, and sends no text of the page anywhere: it fetches the names
// of all entries, looks for them here, fetches the rules for everyday uses where one of the names
// needs them, and a shelf of meanings when a reader opens one.
// The rules of matching are those of the dictionary's own matching.py, which a test compares.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !("showPopover" in HTMLElement.prototype)) return;

  // -- Matching -----------------------------------------------------------------------------------

  const S = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
  const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
  const SPACES = new RegExp(`${S}+`, "u");
  const LEADING = new RegExp(`^${S}+`, "u");
  const TRAILING = new RegExp(`${S}+$`, "u");
  const IRREGULAR = new RegExp(
    `(?<broken>(?<=${LETTER})[-\\u2010\\u00ad][ \\t]*\\r?\\n[ \\t]*(?=${LETTER}))` +
      "|(?<unseen>[\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufeff]+)" +
      `|(?<paragraph>${S}*\\n${S}*\\n${S}*)|(?<space>${S}{2,})|(?<ligature>[\\ufb00-\\ufb06])`,
    "gu",
  );
  const LIGATURES = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];
  const PARAGRAPH = "\x1e";
  const GUARD_REACH = 40;
  const LINE_REACH = 200;
  const EVERYDAY = new Set(
    "act aids cat co it pace pass sap sir so us via who".split(" "),
  );
  const RUNS = /[\p{L}\p{N}]+/gu;

  const wordEndsAt = (text, at) => /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at));
  const wordBeginsAt = (text, at) => /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));
  const stripStart = (text) => text.replace(LEADING, "");
  const stripEnd = (text) => text.replace(TRAILING, "");
  const split = (text) => text.split(SPACES).filter(Boolean);
  const firstLetters = (text, count) => Array.from(text.slice(0, 2 * count)).slice(0, count).join("");
  const lastLetters = (text, count) => Array.from(text.slice(-2 * count)).slice(-count).join("");

  // Small letters, one kind of quote, hyphens as blanks; as long as the text.
  const fold = (text) => {
    const whole = text.replace(/\p{Cs}/gu, "\ufffd");
    let lower = whole.toLowerCase();
    if (lower.length !== whole.length) {
      const one = (char) => (char.toLowerCase().length === char.length ? char.toLowerCase() : char);
      lower = Array.from(whole, one).join("");
    }
    return lower
      .replace(/[\u2018\u2019\u02bc`\u00b4]/g, "'")
      .replace(/[-\u2010\u2011\t-\r\xa0\u202f\u2000-\u200a]/g, " ");
  };

  // A text made comparable, with the way back to the places in the original.
  const read = (text, joins = true) => {
    const places = [0];
    const shifts = [0];
    const parts = [];
    let length = 0;
    let done = 0;
    let isBroken = false;
    const breaks = new Set(); // blanks that part a word at the end of a line: "Bail-" and "iff"
    const note = (index, place) => {
      places.push(index);
      shifts.push(place - index);
    };
    for (const { 0: found, index, groups } of text.matchAll(IRREGULAR)) {
      let put = "";
      if (groups.broken !== undefined) {
        isBroken = true;
        put = joins ? "" : " ";
      } else if (groups.ligature) put = LIGATURES[found.charCodeAt(0) - 0xfb00];
      else if (groups.paragraph) put = PARAGRAPH;
      else if (groups.space) put = " ";
      parts.push(text.slice(done, index), put);
      length += index - done;
      if (groups.broken !== undefined && !joins) breaks.add(length);
      for (let step = 1; step < put.length; step += 1) note(length + step, index);
      length += put.length;
      done = index + found.length;
      note(length, done);
    }
    const placeOf = (index) => {
      let [low, high] = [0, places.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (index < places[middle]) high = middle;
        else low = middle + 1;
      }
      return index + shifts[low - 1];
    };
    const regular = parts.join("") + text.slice(done);
    return { text, regular, plain: fold(regular), isBroken, breaks, placeOf };
  };

  // Whether the words beside it are in capitals too, so that they say nothing about this one.
  const isShouted = (text, first, last) => {
    const before = lastLetters(text.slice(0, first), LINE_REACH).split("\n").pop();
    const after = firstLetters(text.slice(last), LINE_REACH).split("\n")[0];
    const beside = [...split(before).slice(-2), ...split(after).slice(0, 2)];
    const said = beside.join(" ");
    const isUpper = /\p{Uppercase}/u.test(said) && !/[\p{Lowercase}\p{Lt}]/u.test(said);
    return beside.length > 1 && isUpper;
  };

  const isCasedLike = (form, text, first, last) => {
    if (!form.isExact) return true;
    const written = split(text.slice(first, last)).join(" ");
    if (written !== form.text) return false;
    return !(EVERYDAY.has(written.toLowerCase()) && isShouted(text, first, last));
  };

  // "co-defendant" is not a defendant; a dash with a blank before it binds nothing.
  const isBoundToPrefix = (regular, at) =>
    at > 1 && "-\u2010\u2011".includes(regular[at - 1]) && wordEndsAt(regular, at - 1);

  // Words beside which a name is not meant: fetched when the first guarded one stands on the page,
  // and until then it is passed over.
  const guards = { all: null, areWanted: false };

  const isGuarded = (form, plain, start, end) => {
    if (form.guard === undefined) return false;
    if (!guards.all) return (guards.areWanted = true);
    const { before, after } = guards.all[form.guard];
    const next = `${firstLetters(plain.slice(end, end + 2 * GUARD_REACH), GUARD_REACH)} `;
    const previous = ` ${lastLetters(plain.slice(Math.max(0, start - 2 * GUARD_REACH), start), GUARD_REACH)}`;
    const begins = (words) =>
      next.startsWith(words) &&
      !(wordEndsAt(words, words.length) && wordBeginsAt(next, words.length));
    const ends = (words) =>
      previous.endsWith(words) &&
      !(wordBeginsAt(words, 0) && wordEndsAt(previous, previous.length - words.length));
    return before.some(begins) || after.some(ends);
  };

  // A guard as it looks in a reading, with the blank beside it; one that begins with a sign
  // stands close, "jury" not before "'s out"; a sum of money may do either.
  const guard = (words) => stripEnd(stripStart(read(words).plain)) || words;
  const readGuards = ([before, after]) => ({
    before: before.flatMap((words) => {
      const own = guard(words);
      if (wordBeginsAt(own, 0)) return [` ${own}`];
      return "£€$".includes(own[0]) ? [own, ` ${own}`] : [own];
    }),
    after: after.map((words) => `${guard(words)} `),
  });

  const compareHits = (one, other) => {
    const order = one.start - other.start || other.end - one.end;
    if (order) return order;
    const at = one.keys.findIndex((key, place) => key !== other.keys[place]);
    return at < 0 ? one.keys.length - other.keys.length : one.keys[at] - (other.keys[at] ?? -1);
  };

  // A finder of forms {text, key, isExact, guard}: leftmost, then longest, no overlaps.
  const finderOf = (forms) => {
    const byPattern = new Map();
    for (const form of forms) {
      const pattern = stripEnd(stripStart(read(form.text).plain));
      if (pattern) byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), form]);
    }
    const byFirstWord = new Map();
    const others = []; // begin with no letter
    for (const one of byPattern) {
      const word = one[0].match(/^[\p{L}\p{N}]+/u)?.[0];
      if (word) byFirstWord.set(word, [...(byFirstWord.get(word) ?? []), one]);
      else others.push(one);
    }

    const hitsIn = (reading) => {
      const { text, regular, plain } = reading;
      const hits = [];
      const weigh = ([pattern, meant], at) => {
        const stop = at + pattern.length;
        if (wordBeginsAt(plain, stop)) return;
        const start = reading.placeOf(at);
        const end = reading.placeOf(stop - 1) + 1;
        if (isBoundToPrefix(regular, at)) return;
        if (reading.breaks.has(at - 1) || reading.breaks.has(stop)) return;
        const means = (form) =>
          isCasedLike(form, text, start, end) && !isGuarded(form, plain, at, stop);
        const keys = [...new Set(meant.filter(means).map((form) => form.key))];
        if (keys.length) hits.push({ start, end, keys });
      };
      for (const run of plain.matchAll(RUNS)) {
        for (const one of byFirstWord.get(run[0]) ?? []) {
          if (plain.startsWith(one[0], run.index)) weigh(one, run.index);
        }
      }
      for (const one of others) {
        for (let at = plain.indexOf(one[0]); at >= 0; at = plain.indexOf(one[0], at + 1)) {
          if (!wordEndsAt(plain, at)) weigh(one, at);
        }
      }
      return hits;
    };

    return (text) => {
      const reading = read(text);
      const hits = hitsIn(reading);
      if (reading.isBroken) hits.push(...hitsIn(read(text, false)));
      let free = 0;
      return hits.sort(compareHits).filter((hit) => {
        const isFree = hit.start >= free;
        if (isFree) free = hit.end;
        return isFree;
      });
    };
  };

  // -- The dictionary's data ----------------------------------------------------------------------

  const home = new URL("../", script.src);
  const shelves = new Map();
  let dataAddress;

  const get = async (address) => {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
    return [await answer.json(), answer.url];
  };

  // A form is written as the letters to take off the name and those to put on, or "=" and itself.
  const spelled = (name, form) =>
    form[0] === "=" ? form.slice(1) : name.slice(0, name.length - Number(form[0])) + form.slice(1);

  // The plural, by the rule of plurals.py: of the noun before the first link, "court" in
  // "court of appeal". "" where English has none or we cannot tell.
  const LINKS = ["for", "from", "in", "of", "on", "to", "under", "with", "at", "by"];
  const UNCOUNTED = /(s|ing|ness|justice|bail|remand|evidence|custody)$/i;
  const pluralOf = (name) => {
    const words = name.split(" ");
    const link = words.findIndex((word, place) => place && LINKS.includes(word));
    const head = (link < 0 ? words.length : link) - 1;
    const noun = words[head];
    if (!/^(?=.*[a-z])[a-z-]{3,}$/i.test(noun) || UNCOUNTED.test(noun)) return "";
    const ending = /(ch|sh|x|z)$/.test(noun) ? "es" : "s";
    words[head] = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : noun + ending;
    return words.join(" ");
  };
  const regularForm = (name, isExact) => {
    if (/[^\0-\x7f]/.test(name)) return "";
    if (!isExact) return pluralOf(name);
    return /^[A-Z]*[A-RT-Z]$/.test(name) ? `${name}s` : "";
  };

  // The labels of the index, by number: {texts, isExact, where, key}. Its columns are those of
  // embed_names.py: the names whose capitals count and the others, a line for each entry.
  const lines = (column) => column.split("|");
  const cells = (line) => line.split(";").filter(Boolean).map(decodeURIComponent);
  const labelsOf = (data) => {
    const labels = [];
    const [own, forms] = [lines(data.own), lines(data.forms)];
    const columns = [lines(data.exact), lines(data.names)];
    let key = 0;
    lines(data.entries).forEach((head, line) => {
      const [everywhere, step = 1] = head.split(":").reverse();
      key += Number(step);
      columns.forEach((column, place) => {
        for (const text of cells(column[line])) {
          const [isExact, number] = [place === 0, labels.length];
          const others = forms[number]
            ? cells(forms[number]).map((form) => spelled(text, form))
            : [regularForm(text, isExact)].filter(Boolean);
          labels.push({ texts: [text, ...others], isExact, where: own[number] || everywhere, key });
        }
      });
    });
    return labels;
  };

  // What to look for; the forms of a guarded label know which of all guards is theirs.
  const formsIn = (data, jurisdiction) => {
    const isWanted = (number) => !jurisdiction || ["uk", jurisdiction].includes(data.places[number]);
    const labels = labelsOf(data);
    data.guarded.reduce((last, step, guard) => {
      labels[last + step].guard = guard;
      return last + step;
    }, 0);
    return labels
      .filter(({ where }) => Array.from(where).some(isWanted))
      .flatMap(({ texts, ...label }) => texts.map((text) => ({ text, ...label })));
  };

  const meaningOf = async (key, size) => {
    const shelf = Math.floor(key / size);
    if (!shelves.has(shelf)) {
      const fetched = get(new URL(`meanings/${shelf}.json`, dataAddress));
      fetched.catch(() => shelves.delete(shelf));
      shelves.set(shelf, fetched);
    }
    const [meanings] = await shelves.get(shelf);
    return Object.hasOwn(meanings, key) ? meanings[key] : null;
  };

  // -- Reading the page ---------------------------------------------------------------------------

  const HEADINGS = "h1,h2,h3,h4,h5,h6,[role=heading]";
  const SECTIONS = "section,article";
  const CLOSED =
    "a,area,button,form,fieldset,input,label,legend,option,optgroup,select,textarea,output,summary," +
    "code,kbd,pre,samp,var,math,svg,script,style,template,noscript,iframe,object,video,audio,canvas," +
    "[contenteditable]:not([contenteditable=false]),[translate=no],[data-no-words]," +
    "[role=button],[role=link],[role=textbox],[role=tab],[role=menuitem]";
  const INLINE =
    "a,abbr,b,bdi,bdo,button,cite,code,data,del,dfn,em,font,i,ins,kbd,label,mark,output,q,s,samp," +
    "small,span,strong,sub,sup,time,u,var,wbr";

  // Asked of the prototype: an input named "matches" hides the method of its form.
  const is = (node, selector) => Element.prototype.matches.call(node, selector);
  const isEnglish = (language) => /^en(-|$)/i.test(language);

  // The blocks of text below `root`: {text, section, parts: [{node, start, isOpen, isMarked}]}.
  const blocksOf = (root) => {
    const blocks = [];
    const rootLanguage = root.closest("[lang]")?.getAttribute("lang") ?? "en";
    const languages = [{ node: root, isOurs: isEnglish(rootLanguage) }];
    let block = null;
    let section = 0;

    const add = (text, part) => {
      if (!block) blocks.push((block = { text: "", section, parts: [] }));
      block.parts.push({ ...part, start: block.text.length, length: text.length });
      block.text += text.replace(/[\t\n\r\f]/g, " ");
    };
    const enter = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        add(node.data, { node, isOpen: languages.at(-1).isOurs });
        return false;
      }
      if (is(node, "[data-cja-word]")) add(node.textContent, { isMarked: true });
      else if (is(node, HEADINGS)) [block, section] = [null, section + 1];
      else if (is(node, CLOSED)) {
        if (is(node, INLINE)) add(node.textContent, {});
        else block = null;
      } else {
        if (!is(node, INLINE)) block = null;
        if (is(node, SECTIONS)) section += 1;
        if (is(node, "[lang]")) languages.push({ node, isOurs: isEnglish(node.getAttribute("lang")) });
        return true;
      }
      return false;
    };
    const leave = (node) => {
      if (languages.at(-1).node === node) languages.pop();
      if (!is(node, INLINE)) block = null;
      if (is(node, SECTIONS)) section += 1;
    };

    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let isDone = !walker.firstChild();
    while (!isDone) {
      if (enter(walker.currentNode)) {
        if (walker.firstChild()) continue;
        leave(walker.currentNode);
      }
      while (!isDone && !walker.nextSibling()) {
        isDone = !walker.parentNode() || walker.currentNode === root;
        if (!isDone) leave(walker.currentNode);
      }
    }
    return blocks;
  };

  // The first use per section of what `find` finds, and no more than `most` per 1,000 words.
  const choose = (blocks, find, most) => {
    const chosen = new Map();
    const marked = new Map(); // how many in each 1,000 words
    let [words, section, seen] = [0, -1, new Set()];
    for (const block of blocks) {
      if (block.section !== section) [section, seen] = [block.section, new Set()];
      let done = 0;
      let place = 0;
      for (const match of find(block.text)) {
        words += split(block.text.slice(done, match.start)).length;
        done = match.start;
        while (block.parts[place].start + block.parts[place].length <= match.start) place += 1;
        const part = block.parts[place];
        const thousand = Math.floor(words / 1000);
        const isInside = match.end <= part.start + part.length;
        const isNew = !match.keys.every((key) => seen.has(key));
        const hasRoom = (marked.get(thousand) ?? 0) < most;
        if (!part.isMarked && !(part.isOpen && isInside && isNew && hasRoom)) continue;
        match.keys.forEach((key) => seen.add(key));
        marked.set(thousand, (marked.get(thousand) ?? 0) + 1);
        if (part.isMarked) continue;
        const mark = { start: match.start - part.start, end: match.end - part.start, keys: match.keys };
        chosen.set(part.node, [...(chosen.get(part.node) ?? []), mark]);
      }
      words += split(block.text.slice(done)).length;
    }
    return chosen;
  };

  // -- Marks and meanings -------------------------------------------------------------------------

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    button.word { all: unset; cursor: pointer; text-decoration: underline dotted;
      text-decoration-thickness: 0.1em; text-underline-offset: 0.2em; }
    button.word:hover { text-decoration-style: solid; }
    :focus-visible { outline: 3px solid #ffc857; outline-offset: 2px; box-shadow: 0 0 0 2px #1b1b1f; }
    .panel { all: initial; position: absolute; box-sizing: border-box; inline-size: max-content;
      max-inline-size: min(24em, 100vw - 1em); max-block-size: 70vh; overflow: auto; padding: 1em;
      border: 2px solid #0b5d57; color: #1b1b1f; background: #fff; color-scheme: light;
      font: 1em/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
    .panel:not(:popover-open) { display: none; }
    .panel:popover-open { display: block; }
    p { margin: 0 0 0.6em; white-space: pre-line; }
    .name { font-size: 1.2em; font-weight: bold; }
    .place { margin: 0; font-weight: bold; }
    .note { font-size: 0.9em; color: #504d47; }
    .draft { color: #9c2a10; }
    a { color: #0b5d57; }
    .panel button { font: inherit; font-size: 0.9em; margin-inline-end: 0.5em; padding: 0.3em 0.8em;
      min-block-size: 2em; border: 1px solid #736f66; color: #1b1b1f; background: #fff; cursor: pointer; }
    @media (prefers-color-scheme: dark) {
      .panel { color-scheme: dark; color: #eceae4; background: #1e2123; border-color: #6fd0c5; }
      .note { color: #bdb9b0; } .draft { color: #ff9d84; } a { color: #6fd0c5; }
      .panel button { color: #eceae4; background: #1e2123; border-color: #96938b; }
    }
    @media print { button.word { text-decoration: none; } .panel { display: none; } }
  `);

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const button = (text, act) => {
    const made = element("button", "", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  const linkTo = (path) => {
    const address = new URL(path, home);
    if (address.origin !== home.origin) return element("span", "");
    const link = element("a", "", "Read the whole entry");
    link.href = address.href;
    link.referrerPolicy = "no-referrer";
    return link;
  };

  const told = (meaning, jurisdiction) => {
    if (!meaning) return [element("p", "", "This word is no longer in the dictionary.")];
    const wanted = ({ jurisdiction: own }) => !jurisdiction || ["uk", jurisdiction].includes(own);
    const senses = meaning.senses.filter(wanted).flatMap((sense) => [
      element("p", "place", sense.place),
      element("p", "", sense.plain),
      ...(sense.warning ? [element("p", "draft", sense.warning)] : []),
      element("p", sense.is_checked ? "note" : "note draft", sense.status),
      element("p", "note", `Law as of ${sense.law_as_of}.`),
    ]);
    return [element("p", "name", meaning.name), ...senses, linkTo(meaning.path)];
  };

  // Below the word, or above it where it does not fit and there is more room; it scrolls with the page.
  const put = (panel, word) => {
    const { left, top, bottom } = word.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const below = innerHeight - bottom - 12;
    panel.style.maxBlockSize = "";
    const isAbove = panel.offsetHeight > below && top - 12 > below;
    panel.style.maxBlockSize = `${Math.max(160, isAbove ? top - 12 : below)}px`;
    const x = Math.max(8, Math.min(left, width - panel.offsetWidth - 8));
    const y = isAbove ? top - panel.offsetHeight - 6 : bottom + 6;
    panel.style.left = `${x + scrollX}px`;
    panel.style.top = `${y + scrollY}px`;
  };

  const fill = async (panel, keys, settings, undo) => {
    const close = button("Close", () => panel.hidePopover());
    const off = button("Stop marking words", undo);
    const foot = element("p", "");
    foot.append(close, off);
    const body = element("div", "", "Looking it up…");
    body.setAttribute("aria-live", "polite");
    panel.replaceChildren(body, foot);
    try {
      const meanings = await Promise.all(keys.map((key) => meaningOf(key, settings.shelf)));
      body.replaceChildren(...meanings.flatMap((one) => told(one, settings.jurisdiction)));
    } catch {
      body.textContent = "The meaning could not be fetched. Try again later.";
    }
  };

  const markOf = (text, keys, settings, undo) => {
    const host = document.createElement("span");
    host.setAttribute("data-cja-word", keys.join(" "));
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const word = element("button", "word");
    const panel = element("div", "panel");
    word.type = "button";
    word.part = "word";
    word.setAttribute("aria-haspopup", "dialog");
    word.append(document.createElement("slot"));
    panel.popover = "auto";
    panel.tabIndex = -1;
    panel.autofocus = true;
    panel.lang = "en-GB";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", `The meaning of ${text}`);
    word.popoverTargetElement = panel;
    // In its place before it takes the focus, or the page would jump; and the focus goes back.
    panel.addEventListener("beforetoggle", ({ newState }) => {
      if (newState === "open") put(panel, word);
      else if (panel.contains(root.activeElement)) word.focus();
    });
    panel.addEventListener("toggle", async ({ newState }) => {
      if (newState !== "open") return panel.replaceChildren();
      const filled = fill(panel, keys, settings, undo);
      put(panel, word);
      await filled;
      if (panel.isConnected) put(panel, word);
    });
    root.append(word, panel);
    return host;
  };

  // Splits the text node at its marks; the node itself stays, as the first piece.
  const wrap = (node, marks, settings, undo) => {
    const pieces = [];
    for (const { start, end, keys } of marks.reverse()) {
      const rest = node.splitText(end);
      const word = node.splitText(start);
      const host = markOf(word.data, keys, settings, undo);
      word.replaceWith(host);
      host.append(word);
      pieces.unshift(host, rest);
    }
    return { node, pieces };
  };

  const unwrap = ({ node, pieces }) => {
    const isWhole = pieces.every((piece) => piece.isConnected && piece.parentNode === node.parentNode);
    if (isWhole) {
      node.data += pieces.map((piece) => piece.textContent).join("");
      pieces.forEach((piece) => piece.remove());
    } else {
      pieces.filter((piece) => piece.shadowRoot).forEach((host) => host.replaceWith(...host.childNodes));
    }
  };

  // -- Starting -----------------------------------------------------------------------------------

  const rootNamed = (selector) => {
    const named = selector ? [selector] : ["main", "article", "body"];
    return named.map((one) => document.querySelector(one)).find(Boolean);
  };

  const start = async () => {
    const { jurisdiction = "", root: selector = "", most = "20" } = script.dataset;
    const [data, address] = await get(new URL("labels.json", home));
    if (jurisdiction && !data.places.includes(jurisdiction)) {
      throw new Error(`data-jurisdiction must be one of: ${data.places.join(", ")}`);
    }
    dataAddress = address;
    const settings = { jurisdiction, shelf: data.shelf };
    const search = finderOf(formsIn(data, jurisdiction));
    const knowsEnough = () => Boolean(guards.all) || !guards.areWanted;
    let fetched;
    const learnGuards = async () => {
      fetched ??= get(new URL("guards.json", dataAddress));
      fetched.catch(() => (fetched = undefined));
      const [all] = await fetched;
      guards.all ??= all.map(readGuards);
    };
    const find = async (text) => {
      const found = search(text);
      if (knowsEnough()) return found;
      await learnGuards();
      return search(text);
    };
    let records = [];
    const undo = () => {
      records.forEach(unwrap);
      records = [];
    };
    const mark = async () => {
      const root = rootNamed(selector);
      if (!root) throw new Error(`data-root names nothing on this page: ${selector}`);
      if (Element.prototype.closest.call(root, `${CLOSED},${HEADINGS},[data-cja-word]`)) return 0;
      const chosenNow = () => choose(blocksOf(root), search, Number(most));
      let chosen = chosenNow();
      if (!knowsEnough()) {
        await learnGuards(); // The page may have changed meanwhile, so it is read again.
        chosen = chosenNow();
      }
      for (const [node, marks] of chosen) records.push(wrap(node, marks, settings, undo));
      return chosen.size;
    };
    script.words = { find, mark, undo };
    await mark();
    script.dispatchEvent(new Event("words-marked", { bubbles: true }));
  };

  const begin = () => start().catch((error) => console.warn(`Dictionary words: ${error.message}`));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
