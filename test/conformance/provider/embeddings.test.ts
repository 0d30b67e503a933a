import type { VendorName } from '../../../src/core/models.ts';
import { embeddings } from './embeddings.ts';
import { embeddingWires } from './wires.ts';

for (const [name, wire] of Object.entries(embeddingWires)) embeddings(name as VendorName, wire);
