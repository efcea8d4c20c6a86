import { useCollection, useOperation, useTabweave } from "tabweave/react";
import { addTask, setDone, tasks } from "./tabweave";

export function TaskList({ list }: { list: string }) {
  const { data = [], isPending } = useCollection(tasks, { list });
  const { keyOf } = useTabweave();
  const add = useOperation(addTask);
  const check = useOperation(setDone);
  return (
    <ul>
      {data.map((task) => (
        <li key={keyOf(task._id)} aria-busy={isPending(task)}>
          <label>
            <input
              type="checkbox"
              checked={task.done}
              onChange={(event) => check.mutate({ id: task._id, done: event.target.checked })}
            />
            {task.text}
          </label>
        </li>
      ))}
      <li>
        <button type="button" onClick={() => add.mutate({ list, text: "Something new" })}>
          Add
        </button>
      </li>
    </ul>
  );
}
