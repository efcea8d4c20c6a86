// One IndexedDB transaction whose requests are all issued before anything is waited for.
//
// A transaction that waits for the page between two requests keeps its tables locked while the page is frozen, and
// holds up every other tab. So the requests are given all at once, as `[table, method, first, second, arrived]`: with two
// arguments at most, and perhaps a function that is told what the request brought as soon as it is there.

/**
 * Issues the requests and commits, before this returns. `ended` is called later: with the results in order (of a
 * cursor, its key), or with the name of the error.
 */
export function transact(database, tables, mode, requests, ended) {
  try {
    const transaction = database.transaction(tables, mode);
    const issued = issueAll(transaction, requests);
    transaction.oncomplete = () => ended(undefined, issued.map(resultOf));
    transaction.onabort = () => ended(transaction.error?.name ?? "AbortError", []);
    commit(transaction);
  } catch (error) {
    queueMicrotask(() => ended(`${error?.name}`, []));
  }
}

/** Issues requests; if one could not even be issued, none counts. */
export function issueAll(transaction, requests) {
  try {
    return requests.map(([table, method, first, second, arrived]) => {
      const request = transaction.objectStore(table)[method](first, second);
      if (arrived !== undefined) request.onsuccess = () => arrived(request.result);
      return request;
    });
  } catch (error) {
    transaction.abort();
    throw error;
  }
}

/** The requests that put entries of topics. */
export function entryRequests(table, schema, entries) {
  return entries.map((entry) => [table, "put", { schema, entry }, entry.slice(0, 5)]);
}

/** The requests that delete entries of topics, or with them all of their keys that have an older stamp. */
export function entryDeletions(table, entries, withOlder) {
  return entries.map((entry) => {
    const key = entry.slice(0, 5);
    // To delete a range takes several times as long as to delete a key.
    return [table, "delete", withOlder ? IDBKeyRange.bound(key.slice(0, 2), key) : key];
  });
}

/** The request that deletes everything up to a key. */
export function deletionUpTo(table, key) {
  return [table, "delete", IDBKeyRange.upperBound(key)];
}

/**
 * The keys of a table of random ids in sixteen parts, in order. What is read of each part arrives in a task of its own, so
 * that frames come between, though all of it is of one moment.
 */
export function sixteenths() {
  const bounds = [..."123456789abcdef"];
  const middle = bounds.slice(1).map((upper, at) => IDBKeyRange.bound(bounds[at], upper, false, true));
  return [IDBKeyRange.upperBound("1", true), ...middle, IDBKeyRange.lowerBound("f")];
}

/** A browser without explicit commits, or a transaction that failed already, throws: it ends anyway. */
function commit(transaction) {
  try {
    transaction.commit();
  } catch {}
}

function resultOf({ result }) {
  return result instanceof IDBCursor ? result.key : result;
}
