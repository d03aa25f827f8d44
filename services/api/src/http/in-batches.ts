/** Something else is done after each so many, however many come at once. They are handled in order. */
export function inBatches<Item>(size: number, handle: (item: Item) => void): (item: Item) => void {
  const waiting: Item[] = [];
  let room = size;
  const goOn = (): void => {
    room = size;
    for (const item of waiting.splice(0, size)) {
      room -= 1;
      handle(item);
    }
    if (room < size) setImmediate(goOn);
  };
  return (item) => {
    if (room === 0) return void waiting.push(item);
    if (room === size) setImmediate(goOn);
    room -= 1;
    handle(item);
  };
}
