const unknown = 'not known';

// Three digits that count.
function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value))
    return unknown;
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function milliseconds(value) {
  if (value === null || value === undefined)
    return unknown;
  return Math.abs(value) < 1_000 ? `${number(value)} ms` : duration(value / 1_000);
}

function duration(seconds) {
  if (seconds < 120)
    return `${number(seconds < 10 ? seconds : Math.round(seconds))} s`;
  if (seconds < 7_200)
    return `${number(Math.round(seconds / 60))} min`;
  return seconds < 172_800 ? `${number(Math.round(seconds / 3_600))} h` : `${number(Math.round(seconds / 86_400))} days`;
}

function percent(share) {
  return share === null || share === undefined ? unknown : `${number(share * 100)} %`;
}

function timeOfDay(instant) {
  return `${new Date(instant).toISOString().slice(11, 19)} UTC`;
}

function day(instant) {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function count(many, one, several = `${one}s`) {
  return `${number(many)} ${many === 1 ? one : several}`;
}
