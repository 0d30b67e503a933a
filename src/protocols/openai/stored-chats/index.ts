import { deleteStoredChat } from './delete-stored-chat.ts';
import { getStoredChat } from './get-stored-chat.ts';
import { listMessages } from './list-messages.ts';
import { listStoredChats } from './list-stored-chats.ts';
import { updateStoredChat } from './update-stored-chat.ts';

/** What there is of calls with `store: true`. */
export const storedChatEndpoints = [listStoredChats, getStoredChat, updateStoredChat, deleteStoredChat, listMessages];
