import { MAX_KNOWN_CHARACTERS, MAX_KNOWN_DOCUMENTS } from './limits.js';

/** Documents that were valid, by their text: they are neither looked at nor checked again. */
export class KnownDocuments {
  readonly #words = new Map<string, number>();
  readonly #looked = new WeakMap<symbol, { readonly document: string; readonly words: number }>();

  /** How many words it has; undefined for one that is not known. */
  wordsOf(document: string): number | undefined {
    return this.#words.get(document);
  }

  /** It has so many words; whether it is valid, the request goes on to find out. */
  look(request: symbol, document: string, words: number): void {
    if (document.length <= MAX_KNOWN_CHARACTERS) this.#looked.set(request, { document, words });
  }

  /** The document of the request was valid. */
  confirm(request: symbol): void {
    const looked = this.#looked.get(request);
    if (looked === undefined) return;
    if (this.#words.size >= MAX_KNOWN_DOCUMENTS) this.#words.clear();
    this.#words.set(looked.document, looked.words);
  }
}
