// Runs in a world of its own beside the page's scripts: opens what is closed, and writes the page out as plain HTML.
// The page cannot reach in here, and nothing it redefines counts here.
(() => {
  if (globalThis.clinicChecker) return;

  const LIMITS = { clicks: 60, kept: 300, keptChars: 200000, steps: 30 };
  const NO_TEXT = new Set(["script", "style", "link", "base", "object", "embed", "canvas", "audio", "video"]);
  const NO_BOX = new Set(["br", "wbr", "option", "optgroup", "source", "track", "area", "param", "noscript", "template", "head"]);
  const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
  const MORE = /^\W*(read|show|see|view|learn|load)?\s*(more|all|full (story|text|answer|review)|details|expand)\b.{0,20}$/i;
  const NAMES = /accordion|toggle|faq|collaps|expand|tab(?![a-z])|read-?more|show-?more/i;
  const CONSENT = /\bcookies?\b|\bconsent\b|\bprivacy\b/i;
  const HIDING = /display\s*:\s*none|visibility\s*:\s*hidden|content-visibility\s*:\s*hidden/i;

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const tag = (node) => node.localName || "";

  // Gone texts: what was on the page once and was taken away again (tabs, carousels). Bounded.
  const gone = { nodes: new Set(), texts: new Set(), chars: 0 };
  function keep(target, text, value) {
    if (text.length < 20 || target.size >= LIMITS.kept || gone.chars + text.length > LIMITS.keptChars) return;
    gone.chars += text.length;
    target.add(value);
  }
  const watcher = new MutationObserver((records) => {
    lastChange = performance.now();
    for (const record of records) {
      if (record.type === "characterData") keep(gone.texts, record.oldValue || "", record.oldValue);
      for (const node of record.removedNodes)
        if (node.nodeType === 1 && !NO_TEXT.has(tag(node))) keep(gone.nodes, node.textContent || "", node);
        else if (node.nodeType === 3) keep(gone.texts, node.data, node.data);
    }
  });
  let lastChange = performance.now();
  watcher.observe(document, { subtree: true, childList: true, characterData: true, characterDataOldValue: true });

  // Waits until nothing has changed for `quiet` ms, at most `most` ms.
  async function settle(quiet, most) {
    const end = performance.now() + most;
    while (performance.now() < end && performance.now() - lastChange < quiet) await pause(50);
  }

  async function scroll() {
    const root = document.scrollingElement || document.documentElement;
    for (let step = 0; step < LIMITS.steps; step++) {
      const before = root.scrollTop;
      root.scrollBy({ top: innerHeight * 0.9, behavior: "instant" });
      await pause(80);
      if (root.scrollTop <= before) break;
    }
    root.scrollTo({ top: 0, behavior: "instant" });
  }

  // The body of a frame that belongs to the page's own origin.
  function innerOf(node) {
    if (tag(node) !== "iframe" && tag(node) !== "frame") return null;
    try { return (node.contentDocument && node.contentDocument.body) || null; } catch { return null; }
  }

  function* elements(root) {
    const stack = [root];
    while (stack.length) {
      const node = stack.pop();
      if (node.nodeType === 1) yield node;
      if (node.shadowRoot) stack.push(node.shadowRoot);
      const inner = innerOf(node);
      if (inner) stack.push(inner);
      for (let child = node.lastElementChild; child; child = child.previousElementSibling) stack.push(child);
    }
  }

  function isSeen(element) {
    if (NO_BOX.has(tag(element))) return true;
    if (element.checkVisibility({ visibilityProperty: true })) return true;
    const style = getComputedStyle(element);
    if (style.display === "contents") return true;
    return style.display !== "none" && style.visibility !== "visible" && element.childElementCount > 0 && element.checkVisibility();
  }

  // What a visitor sees before anything is opened.
  let atFirst = null;
  const unfolded = new WeakSet();
  function remember() {
    atFirst = new WeakSet();
    if (document.body) for (const element of elements(document.body)) if (isSeen(element)) atFirst.add(element);
  }

  // Whether a click may open something and does nothing else: no way to another page, no form.
  function isSafe(element) {
    if (element.closest("form, [contenteditable]")) return false;
    const link = element.closest("a[href], area[href]");
    if (link) {
      const href = link.getAttribute("href").trim();
      if (href !== "" && !href.startsWith("#") && !/^javascript:\s*(void\s*\(?\s*0\s*\)?)?\s*;?\s*$/i.test(href)) return false;
    }
    return !["input", "select", "textarea", "label", "iframe", "video", "audio"].includes(tag(element)) && !element.disabled;
  }

  function opens(element) {
    if (element.getAttribute("aria-expanded") === "false") return !element.closest("nav, [role=navigation], [role=menubar]");
    if (element.getAttribute("role") === "tab") return element.getAttribute("aria-selected") !== "true";
    const toggle = element.getAttribute("data-toggle") || element.getAttribute("data-bs-toggle");
    if (toggle) return /^(tab|pill|collapse)$/.test(toggle) && element.getAttribute("aria-expanded") !== "true";
    const isControl = ["button", "a"].includes(tag(element)) || element.getAttribute("role") === "button";
    if (isControl && MORE.test((element.textContent || "").trim().slice(0, 60))) return true;
    const name = `${element.getAttribute("class") || ""} ${element.id}`;
    return NAMES.test(name) && element.getAttribute("aria-expanded") !== "true" && getComputedStyle(element).cursor === "pointer"
      && (element.textContent || "").length < 300 && (isControl || element.childElementCount < 4);
  }

  async function open(most) {
    const end = performance.now() + most;
    for (const element of elements(document.body)) if (tag(element) === "details" && !element.open) {
      element.open = true;
      unfolded.add(element);
    }
    const clicked = new WeakSet();
    let clicks = 0;
    for (let round = 0; round < 2; round++) {
      for (const element of [...elements(document.body)]) {
        if (clicks >= LIMITS.clicks || performance.now() > end) return clicks;
        const parent = element.parentElement;
        if (clicked.has(element) || (parent && clicked.has(parent)) || !element.isConnected) continue;
        if (!opens(element) || !isSafe(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
        clicked.add(element);
        clicks++;
        element.click();
        await pause(20);
        await settle(40, 400);
      }
    }
    return clicks;
  }

  // A layer over the page: fixed or sticky at some height, and either large or about cookies.
  function isLayer(element) {
    const position = getComputedStyle(element).position;
    if (position !== "fixed" || element.closest("header, nav, footer, [role=dialog], [role=navigation]")) return false;
    const box = element.getBoundingClientRect();
    const text = element.textContent || "";
    if (box.width * box.height === 0 || text.trim().length < 15) return false;
    return CONSENT.test(text) || (box.width * box.height > 0.12 * innerWidth * innerHeight && box.height > 0.2 * innerHeight);
  }

  const escapeText = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const escapeValue = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

  function write(maxChars, maxTags, bodyOnly) {
    const out = [];
    let chars = 0;
    let tags = 0;
    const put = (text) => {
      chars += text.length;
      if (chars > maxChars) throw new RangeError("chars");
      out.push(text);
    };

    function attributes(element, state) {
      let text = "";
      let role = false;
      for (const { name, value } of element.attributes) {
        if (!/^[a-zA-Z_:][-\w:.]*$/.test(name) || name.startsWith("on") || name === "data-frame") continue;
        if (state.seen && (name === "hidden" || name === "aria-hidden")) continue;
        if (state.seen && name === "style" && HIDING.test(value)) continue;
        if (state.mark !== null && name === "hidden") continue;
        if (state.opened && name === "open") continue;
        if (name === "role") role = true;
        text += ` ${name}="${escapeValue(value)}"`;
      }
      if (state.layer && !role) text += ' role="dialog"';
      if (state.mark !== null) text += ` hidden="${state.mark}"`;
      return text;
    }

    // Whether an element is seen, opened by us ("until-found") or hidden (""): said once, at the outermost, and of
    // nothing outside the body or in a drawing.
    function stateOf(element, above, outside) {
      const state = { seen: false, mark: null, opened: false, layer: false, within: above };
      if (!atFirst || above === "hidden" || outside || NO_BOX.has(tag(element))) return state;
      const first = atFirst.has(element);
      const now = isSeen(element);
      if (first) state.seen = true;
      else if (now && above !== "opened") [state.mark, state.within] = ["until-found", "opened"];
      else if (!now && above !== "opened") [state.mark, state.within] = ["", "hidden"];
      state.opened = unfolded.has(element);
      state.layer = now && isLayer(element);
      return state;
    }

    function* childrenOf(node) {
      const inner = innerOf(node);
      if (inner) yield* inner.childNodes;
      else if (tag(node) === "slot" && node.assignedNodes && node.assignedNodes().length) yield* node.assignedNodes();
      else if (node.shadowRoot) yield* node.shadowRoot.childNodes;
      else if (tag(node) === "template") yield* node.content.childNodes;
      else yield* node.childNodes;
    }

    function walk(top, within) {
      const stack = [{ nodes: [top][Symbol.iterator](), close: "", within, outside: true }];
      while (stack.length) {
        const frame = stack[stack.length - 1];
        const { value: node, done } = frame.nodes.next();
        if (done) {
          put(frame.close);
          stack.pop();
        } else if (node.nodeType === 3) put(escapeText(node.data));
        else if (node.nodeType === 1) enter(node, frame, stack);
      }
    }

    function enter(node, above, stack) {  // above: what the element stands in
      const name = tag(node);
      if (!/^[a-z][-\w:.]*$/i.test(name)) return;
      if (name === "script") {
        if (/^\s*application\/ld\+json/i.test(node.type)) put(`<script type="application/ld+json">${node.text.replace(/<\/script/gi, "<\\/script")}</script>`);
        return;
      }
      if (NO_TEXT.has(name)) return;
      if (++tags > maxTags) throw new RangeError("tags");
      const state = stateOf(node, above.within, above.outside);
      // A frame of the same site becomes a part of the page; its own element would hide what stands in it.
      const written = name === "slot" ? "" : innerOf(node) ? "section" : name;
      if (name === "noscript") {
        put(`<noscript>${node.textContent}</noscript>`);
        return;
      }
      const frame = written && written !== name ? ` data-frame="${escapeValue(innerOf(node).baseURI)}"` : "";
      if (written) put(`<${written}${attributes(node, state)}${frame}>`);
      if (VOID.has(name)) return;
      const outside = name === "svg" || (name !== "body" && above.outside);
      stack.push({ nodes: childrenOf(node), close: written ? `</${written}>` : "", within: state.within, outside });
    }

    // What the page says now; what stands in code says nothing.
    function saidNow() {
      const found = [];
      const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent || !/^(?:script|style|template|noscript)$/i.test(parent.localName)) found.push(walker.currentNode.data);
      }
      return found.join("");
    }

    // Of a text that was typed letter by letter the whole one, of a counter that ran the last.
    function distinct(texts) {
      const last = new Map(texts.map((text) => [text.replace(/\d+/g, "0"), text.trim()]));
      const kept = [...last.values()];
      return kept.filter((text) => !kept.some((other) => other.length > text.length && other.startsWith(text)));
    }

    watcher.disconnect();
    if (bodyOnly) {
      for (const node of document.body ? document.body.childNodes : []) walk(node, "");
      return out.join("");
    }
    put("<!doctype html>\n");
    const lost = [...gone.nodes].filter((node) => !node.isConnected);
    const texts = [...gone.texts];
    const extra = { html: "" };
    if (lost.length || texts.length) {
      const now = saidNow().replace(/\s+/g, " ");
      const isNew = (text) => !now.includes(text.replace(/\s+/g, " ").trim());
      const mark = out.length;
      const said = new Set();
      for (const node of lost) {
        const text = node.textContent;
        if (!isNew(text) || said.has(text)) continue;
        said.add(text);
        put('<div hidden="until-found">');
        walk(node, "opened");
        put("</div>");
      }
      for (const text of distinct(texts)) if (isNew(text) && !said.has(text)) put(`<p hidden="until-found">${escapeText(text)}</p>`);
      extra.html = out.splice(mark).join("");
    }
    walk(document.documentElement, "");
    const html = out.join("");
    const end = html.lastIndexOf("</body>");
    return end < 0 ? html + extra.html : html.slice(0, end) + extra.html + html.slice(end);
  }

  globalThis.clinicChecker = { settle, scroll, remember, open, write };
})();
