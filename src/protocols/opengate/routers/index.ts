import { createRouter } from './create-router.ts';
import { deleteRouter } from './delete-router.ts';
import { getRouter } from './get-router.ts';
import { listRouters } from './list-routers.ts';
import { updateRouter } from './update-router.ts';

export const routerEndpoints = [createRouter, listRouters, getRouter, updateRouter, deleteRouter];
