"use client";

/**
 * Tabweave's hooks. Components render before the engine is ready, and on a server.
 *
 * @module
 */
export { TabweaveProvider, type TabweaveProviderProps, useTabweave } from "./provider.js";
export { type CollectionResult, type UseCollectionOptions, useCollection } from "./useCollection.js";
export { type ConflictsView, useConflicts } from "./useConflicts.js";
export { useConnectivity } from "./useConnectivity.js";
export { useDeadLetters } from "./useDeadLetters.js";
export { type DocumentResult, type UseDocumentOptions, useDocument } from "./useDocument.js";
export { type OperationControl, useOperation } from "./useOperation.js";
export { type Outbox, useOutbox } from "./useOutbox.js";
export { type Peers, usePeers } from "./usePeers.js";
export type { QueryView } from "./useQuerySelection.js";
export { type TopicEntries, type TopicValue, useTopic } from "./useTopic.js";
