/** The names of everything that tabs of one namespace and identity share. */
export class Names {
  readonly namespace: string;
  readonly identity: string;

  /** Null: nobody is signed in. Throws a URIError if a name holds half of a surrogate pair. */
  constructor(namespace: string, identity: string | null) {
    // Escaped, so that no pair of names can spell another pair.
    this.namespace = encodeURIComponent(namespace);
    this.identity = encodeURIComponent(identity ?? ANONYMOUS);
    // Nothing else is escaped so: a person of this name is not nobody.
    if (identity === ANONYMOUS) this.identity = "%61nonymous";
  }

  get shared(): string {
    return `${this.namespace}/${this.identity}`;
  }

  /**
   * Every lock whose name begins so is held by the tab whose id follows: "life" as long as it takes part,
   * "page" as long as its page exists.
   */
  locks(kind: "life" | "page"): string {
    return `tabweave/${this.shared}/${kind}/`;
  }

  /** Every database whose name begins so is the journal of the tab whose id follows. */
  get journals(): string {
    return `tabweave-journal/${this.shared}/`;
  }
}

const ANONYMOUS = "anonymous";
