// Objects that the engine made, from the parts in which they cross the boundary: all texts as one, tokens, and values
// of the app. `plain.rs` has the other half.

const [TEXT, NUMBER, FALSE, TRUE, VALUE, OBJECT] = [0, 1, 2, 3, 4, 5];

/** Adds what the tokens tell of to a list. A key's text comes with its first use, and its number from then on. */
export function pushPlain(list, texts, tokens, values) {
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
  while (token < tokens.length) list.push(next());
}
