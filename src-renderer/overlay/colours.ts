/** Colours of the classes seen most; bright enough for dark and light pictures. */
const CLASS_COLOURS: Readonly<Record<string, string>> = {
  person: '#ffb454',
  bicycle: '#8ce99a',
  car: '#63b8ff',
  motorcycle: '#d4a5ff',
  bus: '#ff8f7a',
  truck: '#4fdcc8',
};
const OTHERS = [
  '#f783ac',
  '#ffe066',
  '#a9e34b',
  '#91a7ff',
  '#e599f7',
  '#66d9e8',
  '#ffc078',
  '#c0eb75',
] as const;

/** The colour of a class, the same everywhere and at every start. */
export function classColour(label: string): string {
  const known = CLASS_COLOURS[label];
  if (known !== undefined) return known;
  let hash = 0;
  for (const character of label) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return OTHERS[hash % OTHERS.length] ?? OTHERS[0];
}
