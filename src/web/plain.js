// Objects that the engine made, from the parts in which they cross the boundary: all texts as one, tokens, and values
// of the app. `plain.rs` has the other half.

const [TEXT, NUMBER, FALSE, TRUE, VALUE, OBJECT] = [0, 1, 2, 3, 4, 5];

/** The object of these parts. */
export function plain(texts, tokens, values) {
  return reader(texts, tokens, values)();
}

/** Adds the objects of these parts to a list. */
export function pushPlain(list, count, texts, tokens, values) {
  const next = reader(texts, tokens, values);
  for (let left = count; left > 0; left -= 1) list.push(next());
}

/** Reads one thing after the other. A key's text comes with its first use, and its number from then on. */
function reader(texts, tokens, values) {
  const keys = [];
  let [token, text, value] = [0, 0, 0];
  const cut = () => {
    const start = text;
    text += tokens[token++];
    return texts.slice(start, text);
  };
  const object = () => {
    const made = {};
    for (let left = tokens[token++]; left > 0; left -= 1) {
      const number = tokens[token++];
      if (number === keys.length) keys.push(cut());
      made[keys[number]] = next();
    }
    return made;
  };
  const next = () => {
    switch (tokens[token++]) {
      case TEXT:
        return cut();
      case NUMBER:
        return tokens[token++];
      case FALSE:
        return false;
      case TRUE:
        return true;
      case VALUE:
        return values[value++];
      case OBJECT:
        return object();
    }
  };
  return next;
}
