/** Kubernetes' suffixes: decimal, binary, and the small ones, each as a multiple of a billionth. */
const NANO = 1n;
const UNIT = 1_000_000_000n;
const SUFFIXES: Readonly<Record<string, bigint>> = {
  n: NANO,
  u: 1_000n,
  m: 1_000_000n,
  '': UNIT,
  k: UNIT * 10n ** 3n,
  M: UNIT * 10n ** 6n,
  G: UNIT * 10n ** 9n,
  T: UNIT * 10n ** 12n,
  P: UNIT * 10n ** 15n,
  E: UNIT * 10n ** 18n,
  Ki: UNIT * 2n ** 10n,
  Mi: UNIT * 2n ** 20n,
  Gi: UNIT * 2n ** 30n,
  Ti: UNIT * 2n ** 40n,
  Pi: UNIT * 2n ** 50n,
  Ei: UNIT * 2n ** 60n,
};
const MAX_EXPONENT = 36;

/**
 * A Kubernetes quantity ("1500m", "16Gi", "1e3") in thousandths, rounded up (away from zero) as Kubernetes does.
 * Throws RangeError on anything else.
 */
export function parseQuantity(text: string): bigint {
  const match = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = match ?? [];
  const digits = `${whole}${fraction}`;
  const unit = SUFFIXES[suffix];
  const power = Number(exponent ?? '0') - fraction.length;
  if (digits === '' || unit === undefined || Math.abs(Number(exponent ?? '0')) > MAX_EXPONENT)
    throw new RangeError('not a Kubernetes quantity');
  const scaled = BigInt(digits) * unit * (power > 0 ? 10n ** BigInt(power) : 1n);
  const divisor = (UNIT / 1000n) * (power < 0 ? 10n ** BigInt(-power) : 1n);
  const thousandths = (scaled + divisor - 1n) / divisor;
  return sign === '-' ? -thousandths : thousandths;
}
