import { ConvexProvider } from "convex/react";
import { createRoot } from "react-dom/client";
import { TabweaveProvider } from "tabweave/react";
import { TaskList } from "./TaskList";
import { convex, tabweave } from "./tabweave";

createRoot(document.getElementById("root") as HTMLElement).render(
  <ConvexProvider client={convex}>
    <TabweaveProvider client={tabweave}>
      <TaskList list="groceries" />
    </TabweaveProvider>
  </ConvexProvider>,
);
