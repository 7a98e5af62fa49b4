// Generated from schemas/crd/app-armor-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { AppArmorProfile } from '../crd/app-armor-profile.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

const schema31 = {"type":"object","required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"type":"string","enum":["security-profiles-operator.x-k8s.io/v1alpha1"]},"kind":{"type":"string","enum":["AppArmorProfile"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":253},"generateName":{"type":"string","maxLength":253},"namespace":{"type":"string","maxLength":63},"labels":{"type":"object","additionalProperties":{"type":"string"}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true},"spec":{"type":"object","properties":{"disabled":{"type":"boolean"},"complainMode":{"type":"boolean"},"policy":{"type":"string","minLength":1,"maxLength":500000,"pattern":"^[^\\x00]*[^\\s\\x00][^\\x00]*$"},"abstract":{"type":"object","properties":{"executable":{"type":"object","properties":{"allowedExecutables":{"type":"array","maxItems":10000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^[/@{][^\\x00-\\x1f\\x7f\"]*$"}},"allowedLibraries":{"type":"array","maxItems":10000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^[/@{][^\\x00-\\x1f\\x7f\"]*$"}}},"additionalProperties":false},"filesystem":{"type":"object","properties":{"readOnlyPaths":{"type":"array","maxItems":10000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^[/@{][^\\x00-\\x1f\\x7f\"]*$"}},"writeOnlyPaths":{"type":"array","maxItems":10000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^[/@{][^\\x00-\\x1f\\x7f\"]*$"}},"readWritePaths":{"type":"array","maxItems":10000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":4096,"pattern":"^[/@{][^\\x00-\\x1f\\x7f\"]*$"}}},"additionalProperties":false},"network":{"type":"object","properties":{"allowRaw":{"type":"boolean","nullable":true},"allowedProtocols":{"type":"object","properties":{"allowTcp":{"type":"boolean","nullable":true},"allowUdp":{"type":"boolean","nullable":true}},"additionalProperties":false}},"additionalProperties":false},"capability":{"type":"object","properties":{"allowedCapabilities":{"type":"array","maxItems":64,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":32,"pattern":"^[A-Za-z_]+$"}}},"additionalProperties":false}},"additionalProperties":false}},"additionalProperties":false},"status":{"type":"object","properties":{"status":{"type":"string","enum":["Error","Terminating","Partial","Disabled","Pending","InProgress","Installed"]},"observedGeneration":{"type":"integer","minimum":0},"conditions":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/condition"}},"nodes":{"$ref":"#/$defs/node-counts"},"failures":{"type":"array","maxItems":10,"items":{"$ref":"#/$defs/node-failure"}},"activeWorkloads":{"type":"array","maxItems":1000,"items":{"type":"string","maxLength":317}},"activeWorkloadCount":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false}},"additionalProperties":false,"$defs":{"condition":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false},"node-counts":{"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false},"node-failure":{"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false}}};
const schema32 = {"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false};
const schema33 = {"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false};
const schema34 = {"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false};
const func1 = countCharacters;
const pattern4 = new RegExp("^[^\\x00]*[^\\s\\x00][^\\x00]*$", "u");
const pattern5 = new RegExp("^[/@{][^\\x00-\\x1f\\x7f\"]*$", "u");
const pattern10 = new RegExp("^[A-Za-z_]+$", "u");
const pattern11 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", "u");
const pattern12 = new RegExp("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "security-profiles-operator.x-k8s.io/v1alpha1")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "AppArmorProfile")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 253){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.generateName !== undefined){
let data4 = data2.generateName;
if(typeof data4 === "string"){
if(func1(data4) > 253){
const err12 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data5 = data2.namespace;
if(typeof data5 === "string"){
if(func1(data5) > 63){
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.labels !== undefined){
let data6 = data2.labels;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
const err16 = {instancePath:instancePath+"/metadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data8 = data2.annotations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(typeof data8[key2] !== "string"){
const err18 = {instancePath:instancePath+"/metadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.spec !== undefined){
let data10 = data.spec;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key3 in data10){
if(!((((key3 === "disabled") || (key3 === "complainMode")) || (key3 === "policy")) || (key3 === "abstract"))){
const err21 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data10.disabled !== undefined){
if(typeof data10.disabled !== "boolean"){
const err22 = {instancePath:instancePath+"/spec/disabled",schemaPath:"#/properties/spec/properties/disabled/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data10.complainMode !== undefined){
if(typeof data10.complainMode !== "boolean"){
const err23 = {instancePath:instancePath+"/spec/complainMode",schemaPath:"#/properties/spec/properties/complainMode/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data10.policy !== undefined){
let data13 = data10.policy;
if(typeof data13 === "string"){
if(func1(data13) > 500000){
const err24 = {instancePath:instancePath+"/spec/policy",schemaPath:"#/properties/spec/properties/policy/maxLength",keyword:"maxLength",params:{limit: 500000}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(func1(data13) < 1){
const err25 = {instancePath:instancePath+"/spec/policy",schemaPath:"#/properties/spec/properties/policy/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(!pattern4.test(data13)){
const err26 = {instancePath:instancePath+"/spec/policy",schemaPath:"#/properties/spec/properties/policy/pattern",keyword:"pattern",params:{pattern: "^[^\\x00]*[^\\s\\x00][^\\x00]*$"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/spec/policy",schemaPath:"#/properties/spec/properties/policy/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data10.abstract !== undefined){
let data14 = data10.abstract;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key4 in data14){
if(!((((key4 === "executable") || (key4 === "filesystem")) || (key4 === "network")) || (key4 === "capability"))){
const err28 = {instancePath:instancePath+"/spec/abstract",schemaPath:"#/properties/spec/properties/abstract/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data14.executable !== undefined){
let data15 = data14.executable;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
for(const key5 in data15){
if(!((key5 === "allowedExecutables") || (key5 === "allowedLibraries"))){
const err29 = {instancePath:instancePath+"/spec/abstract/executable",schemaPath:"#/properties/spec/properties/abstract/properties/executable/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data15.allowedExecutables !== undefined){
let data16 = data15.allowedExecutables;
if(Array.isArray(data16)){
if(data16.length > 10000){
const err30 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
const len0 = data16.length;
for(let i0=0; i0<len0; i0++){
let data17 = data16[i0];
if(typeof data17 === "string"){
if(func1(data17) > 4096){
const err31 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables/" + i0,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/items/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(func1(data17) < 1){
const err32 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables/" + i0,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(!pattern5.test(data17)){
const err33 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables/" + i0,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/items/pattern",keyword:"pattern",params:{pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables/" + i0,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
let i1 = data16.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data16[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err35 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err36 = {instancePath:instancePath+"/spec/abstract/executable/allowedExecutables",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedExecutables/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data15.allowedLibraries !== undefined){
let data18 = data15.allowedLibraries;
if(Array.isArray(data18)){
if(data18.length > 10000){
const err37 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len1 = data18.length;
for(let i2=0; i2<len1; i2++){
let data19 = data18[i2];
if(typeof data19 === "string"){
if(func1(data19) > 4096){
const err38 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries/" + i2,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/items/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(func1(data19) < 1){
const err39 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries/" + i2,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(!pattern5.test(data19)){
const err40 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries/" + i2,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/items/pattern",keyword:"pattern",params:{pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries/" + i2,schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
let i3 = data18.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data18[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err42 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err43 = {instancePath:instancePath+"/spec/abstract/executable/allowedLibraries",schemaPath:"#/properties/spec/properties/abstract/properties/executable/properties/allowedLibraries/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/spec/abstract/executable",schemaPath:"#/properties/spec/properties/abstract/properties/executable/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data14.filesystem !== undefined){
let data20 = data14.filesystem;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
for(const key6 in data20){
if(!(((key6 === "readOnlyPaths") || (key6 === "writeOnlyPaths")) || (key6 === "readWritePaths"))){
const err45 = {instancePath:instancePath+"/spec/abstract/filesystem",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data20.readOnlyPaths !== undefined){
let data21 = data20.readOnlyPaths;
if(Array.isArray(data21)){
if(data21.length > 10000){
const err46 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
const len2 = data21.length;
for(let i4=0; i4<len2; i4++){
let data22 = data21[i4];
if(typeof data22 === "string"){
if(func1(data22) > 4096){
const err47 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths/" + i4,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/items/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(func1(data22) < 1){
const err48 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths/" + i4,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(!pattern5.test(data22)){
const err49 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths/" + i4,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/items/pattern",keyword:"pattern",params:{pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths/" + i4,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
let i5 = data21.length;
let j2;
if(i5 > 1){
const indices2 = {};
for(;i5--;){
let item2 = data21[i5];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err51 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
break;
}
indices2[item2] = i5;
}
}
}
else {
const err52 = {instancePath:instancePath+"/spec/abstract/filesystem/readOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readOnlyPaths/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data20.writeOnlyPaths !== undefined){
let data23 = data20.writeOnlyPaths;
if(Array.isArray(data23)){
if(data23.length > 10000){
const err53 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
const len3 = data23.length;
for(let i6=0; i6<len3; i6++){
let data24 = data23[i6];
if(typeof data24 === "string"){
if(func1(data24) > 4096){
const err54 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths/" + i6,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/items/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(func1(data24) < 1){
const err55 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths/" + i6,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(!pattern5.test(data24)){
const err56 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths/" + i6,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/items/pattern",keyword:"pattern",params:{pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths/" + i6,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
let i7 = data23.length;
let j3;
if(i7 > 1){
const indices3 = {};
for(;i7--;){
let item3 = data23[i7];
if(typeof item3 !== "string"){
continue;
}
if(typeof indices3[item3] == "number"){
j3 = indices3[item3];
const err58 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/uniqueItems",keyword:"uniqueItems",params:{i: i7, j: j3}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
break;
}
indices3[item3] = i7;
}
}
}
else {
const err59 = {instancePath:instancePath+"/spec/abstract/filesystem/writeOnlyPaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/writeOnlyPaths/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data20.readWritePaths !== undefined){
let data25 = data20.readWritePaths;
if(Array.isArray(data25)){
if(data25.length > 10000){
const err60 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
const len4 = data25.length;
for(let i8=0; i8<len4; i8++){
let data26 = data25[i8];
if(typeof data26 === "string"){
if(func1(data26) > 4096){
const err61 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths/" + i8,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/items/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(func1(data26) < 1){
const err62 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths/" + i8,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(!pattern5.test(data26)){
const err63 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths/" + i8,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/items/pattern",keyword:"pattern",params:{pattern: "^[/@{][^\\x00-\\x1f\\x7f\"]*$"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
else {
const err64 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths/" + i8,schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
let i9 = data25.length;
let j4;
if(i9 > 1){
const indices4 = {};
for(;i9--;){
let item4 = data25[i9];
if(typeof item4 !== "string"){
continue;
}
if(typeof indices4[item4] == "number"){
j4 = indices4[item4];
const err65 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/uniqueItems",keyword:"uniqueItems",params:{i: i9, j: j4}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
break;
}
indices4[item4] = i9;
}
}
}
else {
const err66 = {instancePath:instancePath+"/spec/abstract/filesystem/readWritePaths",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/properties/readWritePaths/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
}
else {
const err67 = {instancePath:instancePath+"/spec/abstract/filesystem",schemaPath:"#/properties/spec/properties/abstract/properties/filesystem/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data14.network !== undefined){
let data27 = data14.network;
if(data27 && typeof data27 == "object" && !Array.isArray(data27)){
for(const key7 in data27){
if(!((key7 === "allowRaw") || (key7 === "allowedProtocols"))){
const err68 = {instancePath:instancePath+"/spec/abstract/network",schemaPath:"#/properties/spec/properties/abstract/properties/network/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data27.allowRaw !== undefined){
let data28 = data27.allowRaw;
if((typeof data28 !== "boolean") && (data28 !== null)){
const err69 = {instancePath:instancePath+"/spec/abstract/network/allowRaw",schemaPath:"#/properties/spec/properties/abstract/properties/network/properties/allowRaw/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data27.allowedProtocols !== undefined){
let data29 = data27.allowedProtocols;
if(data29 && typeof data29 == "object" && !Array.isArray(data29)){
for(const key8 in data29){
if(!((key8 === "allowTcp") || (key8 === "allowUdp"))){
const err70 = {instancePath:instancePath+"/spec/abstract/network/allowedProtocols",schemaPath:"#/properties/spec/properties/abstract/properties/network/properties/allowedProtocols/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data29.allowTcp !== undefined){
let data30 = data29.allowTcp;
if((typeof data30 !== "boolean") && (data30 !== null)){
const err71 = {instancePath:instancePath+"/spec/abstract/network/allowedProtocols/allowTcp",schemaPath:"#/properties/spec/properties/abstract/properties/network/properties/allowedProtocols/properties/allowTcp/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
if(data29.allowUdp !== undefined){
let data31 = data29.allowUdp;
if((typeof data31 !== "boolean") && (data31 !== null)){
const err72 = {instancePath:instancePath+"/spec/abstract/network/allowedProtocols/allowUdp",schemaPath:"#/properties/spec/properties/abstract/properties/network/properties/allowedProtocols/properties/allowUdp/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/spec/abstract/network/allowedProtocols",schemaPath:"#/properties/spec/properties/abstract/properties/network/properties/allowedProtocols/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
else {
const err74 = {instancePath:instancePath+"/spec/abstract/network",schemaPath:"#/properties/spec/properties/abstract/properties/network/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data14.capability !== undefined){
let data32 = data14.capability;
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
for(const key9 in data32){
if(!(key9 === "allowedCapabilities")){
const err75 = {instancePath:instancePath+"/spec/abstract/capability",schemaPath:"#/properties/spec/properties/abstract/properties/capability/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data32.allowedCapabilities !== undefined){
let data33 = data32.allowedCapabilities;
if(Array.isArray(data33)){
if(data33.length > 64){
const err76 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities",schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/maxItems",keyword:"maxItems",params:{limit: 64}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
const len5 = data33.length;
for(let i10=0; i10<len5; i10++){
let data34 = data33[i10];
if(typeof data34 === "string"){
if(func1(data34) > 32){
const err77 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities/" + i10,schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/items/maxLength",keyword:"maxLength",params:{limit: 32}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(func1(data34) < 1){
const err78 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities/" + i10,schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if(!pattern10.test(data34)){
const err79 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities/" + i10,schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_]+$"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities/" + i10,schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
let i11 = data33.length;
let j5;
if(i11 > 1){
const indices5 = {};
for(;i11--;){
let item5 = data33[i11];
if(typeof item5 !== "string"){
continue;
}
if(typeof indices5[item5] == "number"){
j5 = indices5[item5];
const err81 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities",schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/uniqueItems",keyword:"uniqueItems",params:{i: i11, j: j5}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
break;
}
indices5[item5] = i11;
}
}
}
else {
const err82 = {instancePath:instancePath+"/spec/abstract/capability/allowedCapabilities",schemaPath:"#/properties/spec/properties/abstract/properties/capability/properties/allowedCapabilities/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
}
else {
const err83 = {instancePath:instancePath+"/spec/abstract/capability",schemaPath:"#/properties/spec/properties/abstract/properties/capability/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
}
else {
const err84 = {instancePath:instancePath+"/spec/abstract",schemaPath:"#/properties/spec/properties/abstract/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
else {
const err85 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data.status !== undefined){
let data35 = data.status;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
for(const key10 in data35){
if(!(((((((key10 === "status") || (key10 === "observedGeneration")) || (key10 === "conditions")) || (key10 === "nodes")) || (key10 === "failures")) || (key10 === "activeWorkloads")) || (key10 === "activeWorkloadCount"))){
const err86 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data35.status !== undefined){
let data36 = data35.status;
if(typeof data36 !== "string"){
const err87 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(!(((((((data36 === "Error") || (data36 === "Terminating")) || (data36 === "Partial")) || (data36 === "Disabled")) || (data36 === "Pending")) || (data36 === "InProgress")) || (data36 === "Installed"))){
const err88 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.status.enum}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data35.observedGeneration !== undefined){
let data37 = data35.observedGeneration;
if(!(((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37))) && (isFinite(data37)))){
const err89 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if((typeof data37 == "number") && (isFinite(data37))){
if(data37 < 0 || isNaN(data37)){
const err90 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
}
if(data35.conditions !== undefined){
let data38 = data35.conditions;
if(Array.isArray(data38)){
if(data38.length > 32){
const err91 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
const len6 = data38.length;
for(let i12=0; i12<len6; i12++){
let data39 = data38[i12];
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
if(data39.type === undefined){
const err92 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(data39.status === undefined){
const err93 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "status"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(data39.reason === undefined){
const err94 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(data39.lastTransitionTime === undefined){
const err95 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "lastTransitionTime"}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
for(const key11 in data39){
if(!((((((key11 === "type") || (key11 === "status")) || (key11 === "observedGeneration")) || (key11 === "lastTransitionTime")) || (key11 === "reason")) || (key11 === "message"))){
const err96 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data39.type !== undefined){
let data40 = data39.type;
if(typeof data40 === "string"){
if(func1(data40) > 316){
const err97 = {instancePath:instancePath+"/status/conditions/" + i12+"/type",schemaPath:"#/$defs/condition/properties/type/maxLength",keyword:"maxLength",params:{limit: 316}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(func1(data40) < 1){
const err98 = {instancePath:instancePath+"/status/conditions/" + i12+"/type",schemaPath:"#/$defs/condition/properties/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/status/conditions/" + i12+"/type",schemaPath:"#/$defs/condition/properties/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data39.status !== undefined){
let data41 = data39.status;
if(typeof data41 !== "string"){
const err100 = {instancePath:instancePath+"/status/conditions/" + i12+"/status",schemaPath:"#/$defs/condition/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(!(((data41 === "True") || (data41 === "False")) || (data41 === "Unknown"))){
const err101 = {instancePath:instancePath+"/status/conditions/" + i12+"/status",schemaPath:"#/$defs/condition/properties/status/enum",keyword:"enum",params:{allowedValues: schema32.properties.status.enum}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data39.observedGeneration !== undefined){
let data42 = data39.observedGeneration;
if(!(((typeof data42 == "number") && (!(data42 % 1) && !isNaN(data42))) && (isFinite(data42)))){
const err102 = {instancePath:instancePath+"/status/conditions/" + i12+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if((typeof data42 == "number") && (isFinite(data42))){
if(data42 < 0 || isNaN(data42)){
const err103 = {instancePath:instancePath+"/status/conditions/" + i12+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
if(data39.lastTransitionTime !== undefined){
let data43 = data39.lastTransitionTime;
if(typeof data43 === "string"){
if(!pattern11.test(data43)){
const err104 = {instancePath:instancePath+"/status/conditions/" + i12+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/status/conditions/" + i12+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(data39.reason !== undefined){
let data44 = data39.reason;
if(typeof data44 === "string"){
if(func1(data44) > 1024){
const err106 = {instancePath:instancePath+"/status/conditions/" + i12+"/reason",schemaPath:"#/$defs/condition/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(func1(data44) < 1){
const err107 = {instancePath:instancePath+"/status/conditions/" + i12+"/reason",schemaPath:"#/$defs/condition/properties/reason/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(!pattern12.test(data44)){
const err108 = {instancePath:instancePath+"/status/conditions/" + i12+"/reason",schemaPath:"#/$defs/condition/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
else {
const err109 = {instancePath:instancePath+"/status/conditions/" + i12+"/reason",schemaPath:"#/$defs/condition/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data39.message !== undefined){
let data45 = data39.message;
if(typeof data45 === "string"){
if(func1(data45) > 32768){
const err110 = {instancePath:instancePath+"/status/conditions/" + i12+"/message",schemaPath:"#/$defs/condition/properties/message/maxLength",keyword:"maxLength",params:{limit: 32768}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/status/conditions/" + i12+"/message",schemaPath:"#/$defs/condition/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
else {
const err112 = {instancePath:instancePath+"/status/conditions/" + i12,schemaPath:"#/$defs/condition/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
}
else {
const err113 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data35.nodes !== undefined){
let data46 = data35.nodes;
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
for(const key12 in data46){
if(!((((key12 === "desired") || (key12 === "installed")) || (key12 === "pending")) || (key12 === "failed"))){
const err114 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data46.desired !== undefined){
let data47 = data46.desired;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err115 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 > 2147483647 || isNaN(data47)){
const err116 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(data47 < 0 || isNaN(data47)){
const err117 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
}
if(data46.installed !== undefined){
let data48 = data46.installed;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err118 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 > 2147483647 || isNaN(data48)){
const err119 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if(data48 < 0 || isNaN(data48)){
const err120 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
}
if(data46.pending !== undefined){
let data49 = data46.pending;
if(!(((typeof data49 == "number") && (!(data49 % 1) && !isNaN(data49))) && (isFinite(data49)))){
const err121 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if((typeof data49 == "number") && (isFinite(data49))){
if(data49 > 2147483647 || isNaN(data49)){
const err122 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data49 < 0 || isNaN(data49)){
const err123 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
if(data46.failed !== undefined){
let data50 = data46.failed;
if(!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))){
const err124 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if((typeof data50 == "number") && (isFinite(data50))){
if(data50 > 2147483647 || isNaN(data50)){
const err125 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(data50 < 0 || isNaN(data50)){
const err126 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
}
else {
const err127 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data35.failures !== undefined){
let data51 = data35.failures;
if(Array.isArray(data51)){
if(data51.length > 10){
const err128 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
const len7 = data51.length;
for(let i13=0; i13<len7; i13++){
let data52 = data51[i13];
if(data52 && typeof data52 == "object" && !Array.isArray(data52)){
if(data52.nodeName === undefined){
const err129 = {instancePath:instancePath+"/status/failures/" + i13,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "nodeName"}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(data52.message === undefined){
const err130 = {instancePath:instancePath+"/status/failures/" + i13,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "message"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
for(const key13 in data52){
if(!(((key13 === "nodeName") || (key13 === "reason")) || (key13 === "message"))){
const err131 = {instancePath:instancePath+"/status/failures/" + i13,schemaPath:"#/$defs/node-failure/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(data52.nodeName !== undefined){
let data53 = data52.nodeName;
if(typeof data53 === "string"){
if(func1(data53) > 253){
const err132 = {instancePath:instancePath+"/status/failures/" + i13+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
else {
const err133 = {instancePath:instancePath+"/status/failures/" + i13+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data52.reason !== undefined){
let data54 = data52.reason;
if(typeof data54 === "string"){
if(func1(data54) > 128){
const err134 = {instancePath:instancePath+"/status/failures/" + i13+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/status/failures/" + i13+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data52.message !== undefined){
let data55 = data52.message;
if(typeof data55 === "string"){
if(func1(data55) > 1024){
const err136 = {instancePath:instancePath+"/status/failures/" + i13+"/message",schemaPath:"#/$defs/node-failure/properties/message/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
else {
const err137 = {instancePath:instancePath+"/status/failures/" + i13+"/message",schemaPath:"#/$defs/node-failure/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
}
else {
const err138 = {instancePath:instancePath+"/status/failures/" + i13,schemaPath:"#/$defs/node-failure/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
}
else {
const err139 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data35.activeWorkloads !== undefined){
let data56 = data35.activeWorkloads;
if(Array.isArray(data56)){
if(data56.length > 1000){
const err140 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
const len8 = data56.length;
for(let i14=0; i14<len8; i14++){
let data57 = data56[i14];
if(typeof data57 === "string"){
if(func1(data57) > 317){
const err141 = {instancePath:instancePath+"/status/activeWorkloads/" + i14,schemaPath:"#/properties/status/properties/activeWorkloads/items/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
else {
const err142 = {instancePath:instancePath+"/status/activeWorkloads/" + i14,schemaPath:"#/properties/status/properties/activeWorkloads/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
}
else {
const err143 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data35.activeWorkloadCount !== undefined){
let data58 = data35.activeWorkloadCount;
if(!(((typeof data58 == "number") && (!(data58 % 1) && !isNaN(data58))) && (isFinite(data58)))){
const err144 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if((typeof data58 == "number") && (isFinite(data58))){
if(data58 > 2147483647 || isNaN(data58)){
const err145 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(data58 < 0 || isNaN(data58)){
const err146 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
}
else {
const err147 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
else {
const err148 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const fits = validate20;

const hints = {
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "must be a time such as 2026-01-31T12:00:00Z",
  "^[^\\x00]*[^\\s\\x00][^\\x00]*$": "must hold more than white space, and no NUL character",
  "^[/@{][^\\x00-\\x1f\\x7f\"]*$": "must be an absolute path or pattern that begins with / or a variable such as @{PROC}, without quotes and control characters",
  "^[A-Za-z_]+$": "must be the name of a capability without CAP_ in front",
  "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "must be one CamelCase word"
};

const rules = [
  {
    steps: ["spec"],
    field: [],
    message: "exactly one of policy and abstract must be given",
    holds: (self) => ((self.policy !== undefined) !== (self.abstract !== undefined)),
  },
];

/** Every fault of a value that should be a AppArmorProfile; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validateAppArmorProfile(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a AppArmorProfile. */
export function isAppArmorProfile(value: unknown): value is AppArmorProfile {
  return validateAppArmorProfile(value).length === 0;
}
