/**
 * What stands for the id of a document until the operation that creates it is done. It is the same in all tabs, on
 * every run and after a reload. `index`: which of the documents that one operation inserts without their keys, from 0.
 */
export function placeholderOf(operation: string, index = 0): string {
  return `tabweave:${operation}:${index}`;
}
