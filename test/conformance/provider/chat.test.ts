import type { VendorName } from '../../../src/core/models.ts';
import { answers } from './answers.ts';
import { chatWires } from './wires.ts';

for (const [name, wire] of Object.entries(chatWires)) answers(name as VendorName, wire);
