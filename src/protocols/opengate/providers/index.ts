import { createProvider } from './create-provider.ts';
import { deleteProvider } from './delete-provider.ts';
import { getProvider } from './get-provider.ts';
import { listProviders } from './list-providers.ts';
import { updateProvider } from './update-provider.ts';

export const providerEndpoints = [createProvider, listProviders, getProvider, updateProvider, deleteProvider];
