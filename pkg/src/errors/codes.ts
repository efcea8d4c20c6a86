/** What an error code means and what to do about it. */
export interface CodeEntry {
  /** What happened. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether the same thing may work another time. */
  readonly retryable: boolean;
}

/** Every code, with its cause and its remedy. ERRORS.md is made from this table. */
export const CODES = {
  aborted: {
    cause: "The AbortSignal that was given stopped the call.",
    remedy: "Nothing; call again if it is wanted.",
    retryable: false,
  },
  args_not_cloneable: {
    cause: "The value holds something that cannot be stored, such as a function, or it holds itself.",
    remedy: "Pass plain values; the message names the path of the one that cannot be stored.",
    retryable: false,
  },
  attempts_exhausted: {
    cause: "It failed as often as it may be tried, each time in a way that may pass.",
    remedy: "Retry or discard an operation, which stays listed until then; a call is not stored: call again.",
    retryable: true,
  },
  audit_export_invalid: {
    cause: "The text is no export of an audit trail, or one of a newer version.",
    remedy: "Pass what an export gave, unchanged; the message names what is wrong with it.",
    retryable: false,
  },
  audit_value_unfit: {
    cause: "The value holds what the audit trail has no encoding for, or it is nested too deep.",
    remedy:
      "Keep such values out of documents that are merged: the trail cannot show that they are unchanged.",
    retryable: false,
  },
  call_refused: {
    cause: "A call failed in a way that trying it again does not mend.",
    remedy: "See `cause` for what it threw.",
    retryable: false,
  },
  cancelled: {
    cause: "The operation was withdrawn before it was sent.",
    remedy: "Nothing; call it again if it is wanted.",
    retryable: false,
  },
  channel_missing: {
    cause: "The browser has no BroadcastChannel; tabs reach each other by the storage event.",
    remedy: "Nothing; large or rich values reach other tabs by the store.",
    retryable: false,
  },
  client_closed: {
    cause: "The client was closed.",
    remedy: "Make a new client with createTabweave().",
    retryable: false,
  },
  client_missing: {
    cause: "This page has no client, or several, so it is not known which one is meant.",
    remedy:
      "Call createTabweave() first, or say with connectErrorRecovery() or connectConflictResolution() which client to use.",
    retryable: false,
  },
  clock_skewed: {
    cause: "A message of another tab was stamped more than a day ahead of this one's clock and was dropped.",
    remedy: "Correct the clock of the device.",
    retryable: false,
  },
  coalesce_threw: {
    cause:
      "A `coalesce` function threw, or returned what cannot be cloned: the two operations are sent as they are.",
    remedy: 'Let it return arguments that `mutate` would take, or "both".',
    retryable: false,
  },
  conflict: {
    cause: "The operation contradicts what the server holds by now.",
    remedy: "Decide which of the two counts: retry the operation, or cancel it.",
    retryable: true,
  },
  convex_fatal: {
    cause:
      "The server ended the Convex client with a fatal error; it neither sends nor hears anything any more.",
    remedy:
      "Reload the page, or pass `createConvexClient` to convexSource(); operations stay queued until then.",
    retryable: false,
  },
  convex_unfinished: {
    cause:
      "Another person signed in while the Convex client had unanswered calls, which it may send in their name.",
    remedy: "Pass `createConvexClient` to convexSource(), so that each person has a client of their own.",
    retryable: false,
  },
  convex_warning: {
    cause: "The Convex client asks before the page is left, although the changes are saved.",
    remedy: "Make the ConvexReactClient with { unsavedChangesWarning: false }.",
    retryable: false,
  },
  dead_letter_unattended: {
    cause: "An operation became a dead letter, and nobody listens who could tell the person.",
    remedy: "Listen with client.onDeadLetter(), or list the dead letters with useDeadLetters().",
    retryable: false,
  },
  creates_threw: {
    cause: "A `creates` function threw, so operations that name what was created cannot be sent.",
    remedy: "Let it return the id for every result that the server function has.",
    retryable: false,
  },
  conflict_unattended: {
    cause:
      "An edit waits until somebody decides between it and what the server holds, and nothing on the page shows that.",
    remedy:
      "Show `client.conflicts`: with `useConflicts()`, or ready-made with <ConflictResolver> of tabweave/ui.",
    retryable: false,
  },
  depends_on_failed: {
    cause: "The operation needs what another one was to create, and that one failed.",
    remedy: "Retry the other one: this one follows. Or discard both.",
    retryable: true,
  },
  document_not_loaded: {
    cause: "The document to edit is in no loaded result of its collection.",
    remedy: "Edit documents that the page shows, or pass the `args` of the query that holds it.",
    retryable: false,
  },
  duplicate_operation: {
    cause: "An operation of this id was accepted before.",
    remedy: "Nothing; it is accepted once.",
    retryable: false,
  },
  duplicate_operation_name: {
    cause: "Two definitions given in one call have the same name or alias.",
    remedy: "Give each operation a name of its own: stored operations find their functions by it.",
    retryable: false,
  },
  engine_crashed: {
    cause: "The engine hit a bug in itself. It is rebuilt from the store up to 3 times, then set aside.",
    remedy: "Report it with the console output; accepted operations are kept and a reload sends them.",
    retryable: true,
  },
  engine_not_loaded: {
    cause: "Documents are merged by the engine, which is not loaded yet.",
    remedy: "Wait for `init()` before you call `merge()`.",
    retryable: true,
  },
  expired: {
    cause: "The operation was not sent in the time that its option `expireAfter` gives it.",
    remedy: "Retry it if it is still wanted, or discard it; it stays listed until then.",
    retryable: true,
  },
  fence_lost: {
    cause: "Another tab became the leader; a late write of this one was undone.",
    remedy: "Nothing; the new leader goes on.",
    retryable: true,
  },
  identity_changed: {
    cause: "Another person was signed in, or nobody, before the operation came to its end.",
    remedy: "Nothing; what is stored is sent when that person signs in again.",
    retryable: false,
  },
  identity_unknown: {
    cause: "It is not known who is signed in, so nothing can be stored or sent.",
    remedy: "Call client.setIdentity() with the person's id, or with null if nobody is signed in.",
    retryable: true,
  },
  invalid_option: {
    cause: "An option or an argument has a value it cannot have.",
    remedy: "Correct what the message names.",
    retryable: false,
  },
  leader_silent: {
    cause: "The tab that led did not answer; this one took over.",
    remedy: "Nothing; see whether a page blocks its main thread for seconds.",
    retryable: true,
  },
  locks_missing: {
    cause: "The browser has no Web Locks, as on a page that is not served over HTTPS.",
    remedy: "Serve the page from a secure origin; until then tabs find their leader by asking.",
    retryable: false,
  },
  message_unsendable: {
    cause: "A message to the other tabs holds something that cannot be copied.",
    remedy: "Nothing; they read the store, and a result goes without its value.",
    retryable: false,
  },
  no_handler: {
    cause: "A stored operation has a name that no open tab has registered.",
    remedy: "Register the operation, or add its old name to `aliases` of the new one.",
    retryable: false,
  },
  not_changeable: {
    cause: "The operation is on its way, has ended, or is not known here.",
    remedy: "Change it when the attempt has ended; what is done is changed by another operation.",
    retryable: false,
  },
  not_registered: {
    cause: "The operation was not registered with this client.",
    remedy: "List it in `operations` of createTabweave(), or call client.register().",
    retryable: false,
  },
  optimistic_failed: {
    cause: "An optimistic function threw when it was run again over newer data; its effect is not shown.",
    remedy: "Let the function return early when the documents it changes are gone.",
    retryable: false,
  },
  optimistic_threw: {
    cause: "The optimistic function, or `scope`, threw, so the call was refused and nothing was stored.",
    remedy: "See `cause` for what it threw.",
    retryable: false,
  },
  orphans_unreadable: {
    cause: "The journals of tabs that are gone could not be read.",
    remedy: "Nothing; they are looked at again.",
    retryable: true,
  },
  outbox_full: {
    cause: "The outbox holds as many operations as it may, or their arguments take as much as they may.",
    remedy: "Wait until the server is reached again, or discard dead operations.",
    retryable: true,
  },
  outcome_unknown: {
    cause: "The operation was sent, and nobody knows whether it took effect.",
    remedy: "Check the data, then retry or cancel it; wrapping the mutation in once() avoids the question.",
    retryable: true,
  },
  outcomes_unavailable: {
    cause: "The source cannot tell by their keys which operations the data contains.",
    remedy: "Export `outcomes` from convex/tabweave.ts and pass it to convexSource().",
    retryable: false,
  },
  page_gone: {
    cause: "The operation is sensitive, and the page is gone that alone knew what was to be done.",
    remedy: "Have the person do it again, and discard this one.",
    retryable: false,
  },
  payload_too_large: {
    cause: "The value is larger than 10 MB.",
    remedy: "Store large values on the server and pass their address; the message names the value.",
    retryable: false,
  },
  protocol_mismatch: {
    cause: "Another tab runs another version of the app; its messages are ignored.",
    remedy: "Reload the older tab to update it.",
    retryable: false,
  },
  provider_missing: {
    cause: "A hook was used outside of TabweaveProvider.",
    remedy: "Render `<TabweaveProvider client={client}>` above the component.",
    retryable: false,
  },
  query_failed: {
    cause: "The server refused a query.",
    remedy: "See `cause` for its answer.",
    retryable: false,
  },
  record_unreadable: {
    cause: "A stored operation is damaged or of a newer version; it was left as it is.",
    remedy: "Nothing; a version of the app that can read it sends it.",
    retryable: false,
  },
  reentrant_call: {
    cause: "An optimistic function called the client.",
    remedy: "Change documents through `tx` only; it is run again on every rebase.",
    retryable: false,
  },
  rejected: {
    cause: "The server refused the operation.",
    remedy: "See `cause` for its answer; the change was rolled back.",
    retryable: false,
  },
  resolution_unconnected: {
    cause:
      "A conflict that the app detected was resolved, and nothing is connected that brings it to the server.",
    remedy:
      "Connect an operation with registerOperation(), or send `resolution.mergedState` of the conflict.",
    retryable: false,
  },
  resolver_threw: {
    cause:
      "A merge strategy, or what makes arguments of a resolved state, threw; its conflict goes without it.",
    remedy: "See `cause` for what it threw.",
    retryable: false,
  },
  retryable: {
    cause: "An attempt failed in a way that may pass.",
    remedy: "Nothing; it is tried again.",
    retryable: true,
  },
  sensitive_operation: {
    cause: "By its definition the operation stays in the memory of its page, which it does not outlive.",
    remedy: "Keep the page open until it is sent.",
    retryable: false,
  },
  server_side: {
    cause: "The client was called where there is no browser.",
    remedy: "Call it in an effect or an event handler; rendering on a server needs no guard.",
    retryable: false,
  },
  set_aside: {
    cause: "The operation was set aside, and is not sent.",
    remedy: "Retry it when it is wanted again, or discard it; it stays listed until then.",
    retryable: true,
  },
  signed_out: {
    cause: "The server does not know any more who calls.",
    remedy: "Have the person sign in again, and call client.signedIn(); the operation is sent then.",
    retryable: true,
  },
  storage_failed: {
    cause: "A write to the browser's store failed; it is tried again.",
    remedy: "Keep the page open until it says saved.",
    retryable: true,
  },
  storage_local: {
    cause: "The browser gives no IndexedDB; each tab keeps its operations in localStorage.",
    remedy:
      "Nothing; a browser that is killed may lose the last seconds, and results of queries are not kept.",
    retryable: false,
  },
  storage_memory: {
    cause: "The browser has no place for it, so it does not outlive this page.",
    remedy: "Leave private browsing, or allow site data for this page.",
    retryable: false,
  },
  storage_quota: {
    cause: "The browser's store has no room left.",
    remedy: "Free disk space or delete site data.",
    retryable: true,
  },
  storage_stalled: {
    cause: "A write takes longer than it should; another tab may hold the store.",
    remedy: "Close tabs that do not answer.",
    retryable: true,
  },
  store_lost: {
    cause: "The site's data was deleted while the page was open.",
    remedy: "Nothing; what this page knows is written again.",
    retryable: true,
  },
  timed_out: {
    cause: "A call did not come to its end in the time it was given.",
    remedy: "Call again, or give it more time; it may have taken effect.",
    retryable: true,
  },
  topic_full: {
    cause: "The topics hold as many entries as they may.",
    remedy: "Remove entries that nobody needs; a key that exists can still be written.",
    retryable: true,
  },
  transport_missing: {
    cause: "The browser has neither BroadcastChannel nor a usable localStorage: other tabs are not reached.",
    remedy: "Allow site data for this page; until then tabs meet in the store and at the server.",
    retryable: false,
  },
  undelivered_operations: {
    cause: "Operations of this identity were never delivered, so its data was not deleted.",
    remedy: "Look at `undelivered`, then call erase() again with { discardUndelivered: true }.",
    retryable: false,
  },
  wasm_unavailable: {
    cause: "The engine's WebAssembly could not be loaded. Operations stay in the journal and are not sent.",
    remedy: "Allow 'wasm-unsafe-eval' in script-src and check that the chunk is served, then reload.",
    retryable: true,
  },
} satisfies Record<string, CodeEntry>;

/** The code of an error or of a diagnostic. */
export type TabweaveErrorCode = keyof typeof CODES;
