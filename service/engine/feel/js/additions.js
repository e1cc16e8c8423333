// Functions that feelin does not have.
import { builtins, getType } from 'feelin#internals';

// What `${empty x}` means: nothing, an empty text, list or context.
builtins['is empty'] = function(value) {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return getType(value) === 'context' && Object.keys(value).length === 0;
};
builtins['is empty'].$args = [ 'value' ];
