import { addConversationItems } from './add-items.ts';
import { createConversation } from './create-conversation.ts';
import { deleteConversation } from './delete-conversation.ts';
import { deleteConversationItem } from './delete-item.ts';
import { getConversation } from './get-conversation.ts';
import { getConversationItem } from './get-item.ts';
import { listConversationItems } from './list-items.ts';
import { updateConversation } from './update-conversation.ts';

export const conversations = [
  createConversation,
  getConversation,
  updateConversation,
  deleteConversation,
  addConversationItems,
  listConversationItems,
  getConversationItem,
  deleteConversationItem,
];
