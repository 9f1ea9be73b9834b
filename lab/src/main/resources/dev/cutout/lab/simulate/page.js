"use strict";
// Moves one cursor through all charts of the page, and shows the numbers of that moment. They are read from the tables.
const time = document.getElementById("time");
if (time) {
    const slider = document.getElementById("slice");
    const moment = time.querySelector("output");
    const [left, width, seconds, step] = ["left", "width", "seconds", "step"].map((name) => Number(time.dataset[name]));
    const runs = Array.from(document.querySelectorAll("section.run"), (section) => {
        const table = section.querySelector("table.numbers");
        const now = section.querySelector("dl.now");
        const heads = Array.from(table.tHead.rows[0].cells).slice(1);
        const values = heads.map((head) => {
            const pair = now.appendChild(document.createElement("div"));
            pair.appendChild(document.createElement("dt")).textContent = head.textContent;
            return pair.appendChild(document.createElement("dd"));
        });
        return {rows: table.tBodies[0].rows, values, cursors: section.querySelectorAll(".cursor")};
    });

    const show = (slice) => {
        const middle = Math.min(seconds, (slice + 0.5) * step);
        for (const run of runs) {
            const cells = run.rows[slice].cells;
            run.values.forEach((value, i) => { value.textContent = cells[i + 1].textContent; });
            for (const cursor of run.cursors) {
                cursor.setAttribute("transform", "translate(" + (left + width * middle / seconds) + ")");
            }
        }
        const text = runs[0].rows[slice].cells[0].textContent + " s";
        slider.value = slice;
        slider.setAttribute("aria-valuetext", text);
        moment.textContent = text;
        document.body.classList.add("timed");
    };

    slider.addEventListener("input", () => show(Number(slider.value)));
    time.addEventListener("submit", (event) => event.preventDefault());
    for (const plot of document.querySelectorAll("svg.plot")) {
        plot.addEventListener("pointermove", (event) => {
            const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plot.getScreenCTM().inverse());
            const slice = Math.floor((point.x - left) / width * seconds / step);
            show(Math.max(0, Math.min(Number(slider.max), slice)));
        });
    }
    time.hidden = false;
}
