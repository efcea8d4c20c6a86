// Made by the build: the engine's WebAssembly module, gzip, then base64.
declare const text: string;
export default text;
